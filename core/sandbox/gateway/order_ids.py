"""The highest order id that each client used; a gateway's restart can lower it."""


class OrderIds:
    """The highest order id that each client used, even if the order was refused."""

    def __init__(self) -> None:
        self.used: dict[int, int] = {}

    def next(self, client_id: int, *, at_exchange: int) -> int:
        """The lowest order id that the client may use."""
        return max(at_exchange, self.used.get(client_id, 0) + 1)

    def count(self, client_id: int, order_id: int) -> None:
        """Record that an id was used."""
        self.used[client_id] = max(self.used.get(client_id, 0), order_id)

    def roll_back(self, by: int) -> dict[int, int]:
        """Lower every client's highest id by *by*; return the next id of each."""
        self.used = {client: max(0, last - by) for client, last in self.used.items()}
        return {client: last + 1 for client, last in self.used.items()}
