"""The door to the trader: everything that may be asked of it, in one place."""

from core.model.card import Card
from core.model.order import Order, OrderRef
from core.model.portfolio import AccountSummary, OpenOrder, Position
from core.model.proposal import Decision, Proposal, ProposalId, Tap, Token
from core.model.status import Status


class Engine:
    """Scan, decide, cancel, halt, resume, status, report."""

    async def scan(self, *, key: str) -> bool:
        """Scan, rank and offer. The progress, the card or the failure stands in the
        chat at the placeholder of *key*; returns when it does.

        False when a scan was under way: its card serves, and nothing was placed.
        """
        raise NotImplementedError

    async def report(self, *, key: str) -> None:
        """The report of this moment and a scan's card, on the owner's demand."""
        raise NotImplementedError

    def decide(self, tap: Tap) -> Decision:
        """Judge a tap on a card. What it approves is on disk when this returns."""
        raise NotImplementedError

    def proposal(self, token: Token) -> Proposal | None:
        """The card that a button belongs to."""
        raise NotImplementedError

    def card(self, proposal_id: ProposalId) -> Card | None:
        """A card as it stands now."""
        raise NotImplementedError

    async def positions(self) -> tuple[Position, ...]:
        """Raises BrokerAway when there is no line."""
        raise NotImplementedError

    async def open_orders(self) -> tuple[OpenOrder, ...]:
        """Every working order in the account. Raises BrokerAway or BrokerSilent."""
        raise NotImplementedError

    def orders(self) -> tuple[Order, ...]:
        """Orders of ours that are not at their end, and all sent today."""
        raise NotImplementedError

    async def account(self) -> AccountSummary:
        """Raises BrokerAway when there is no line or no figure yet."""
        raise NotImplementedError

    def status(self) -> Status:
        """How the whole house stands."""
        raise NotImplementedError

    def cancel(self, ref: OrderRef, *, by: str) -> Order:
        """Ask IB to cancel one order of ours; only evidence will call it cancelled.

        Raises BrokerAway when nothing was sent; LookupError for an unknown ref.
        """
        raise NotImplementedError

    def halt(self, *, by: str, reason: str) -> None:
        """Send nothing any more, also after a restart, until resume."""
        raise NotImplementedError

    def resume(self, *, by: str) -> None:
        """Allow orders again."""
        raise NotImplementedError

    def settle(self, ref: OrderRef, *, there: bool, by: str) -> Order:
        """The owner looked whether an order in doubt exists, and says so.

        Raises LookupError for a ref that is not in doubt.
        """
        raise NotImplementedError
