"""The order ids a gateway has seen from each client, and sometimes forgets."""


class OrderIds:
    """The highest id each client used, whether its order went anywhere or not."""

    def __init__(self) -> None:
        self.used: dict[int, int] = {}

    def next(self, client_id: int, *, at_exchange: int) -> int:
        """Return the lowest id the client may use."""
        return max(at_exchange, self.used.get(client_id, 0) + 1)

    def count(self, client_id: int, order_id: int) -> None:
        """Remember that an id was used."""
        self.used[client_id] = max(self.used.get(client_id, 0), order_id)

    def roll_back(self, by: int) -> dict[int, int]:
        """Forget so many ids of every client; return the next id of each."""
        self.used = {client: max(0, last - by) for client, last in self.used.items()}
        return {client: last + 1 for client, last in self.used.items()}
