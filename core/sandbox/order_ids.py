"""The order ids a gateway has seen from each client, and sometimes forgets."""


class OrderIds:
    """The highest id each client used, whether its order went anywhere or not."""

    def __init__(self) -> None:
        self.used: dict[int, int] = {}
        self._rolled_back: dict[int, int] = {}

    def next(self, client_id: int, *, at_exchange: int) -> int:
        """Return the lowest id the client may use, less what a restart forgot."""
        highest = max(at_exchange, self.used.get(client_id, 0) + 1)
        return max(1, highest - self._rolled_back.get(client_id, 0))

    def count(self, client_id: int, order_id: int) -> None:
        """Remember that an id was used."""
        self.used[client_id] = max(self.used.get(client_id, 0), order_id)
        self._rolled_back.pop(client_id, None)

    def roll_back(self, by: int) -> None:
        """Forget so many ids of every client until it uses one again."""
        self._rolled_back = dict.fromkeys(self.used, by)
