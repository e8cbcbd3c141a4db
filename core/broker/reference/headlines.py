"""The newest headlines about a stock; the providers are requested once per
conversation.

Tested by tests/contracts/ib/test_market_data.py.
"""

import asyncio
import re
from datetime import UTC, datetime
from typing import Final

from core.broker.codes import is_notice
from core.broker.connection import Connection
from core.broker.messages import (
    ConnectionLost,
    End,
    ErrorMessage,
    MessageQueue,
    NewsItem,
    NewsProviders,
)
from core.broker.pacing import Urgency
from core.broker.session import GatewaySession
from core.broker.texts import plain
from core.model.errors import BrokerAway, BrokerSaidNo, BrokerSilent
from core.model.market import Headline, Instrument


MOST: Final = 3
"""How many headlines are requested for a stock; the newest come first."""

_MARKS: Final = re.compile(r"^\{[^}]*\}!?\s*")
"""Some providers put their own codes before a headline: "{A:800015:L:en}Text"."""


class Headlines:
    """Requests headlines, after everything else that waits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._asking = asyncio.Lock()
        self._session: GatewaySession | None = None
        self._providers = ""

    async def of(
        self, instrument: Instrument, *, within: float
    ) -> tuple[Headline, ...]:
        """The newest headlines about one stock; as HeadlineSource.headlines."""
        try:
            async with asyncio.timeout(within):
                session = self._connection.session()
                providers = await self._known(session)
                if not providers:
                    return ()
                return await _news_items(instrument, providers, session)
        except TimeoutError:
            asked = f"the headlines of {instrument.symbol}"
            raise BrokerSilent(asked, within) from None

    async def _known(self, session: GatewaySession) -> str:
        """The codes of the providers that this account may read, in IB's format."""
        async with self._asking:
            if session is not self._session:
                self._providers = "+".join(await _providers(session))
                self._session = session
            return self._providers


async def _providers(session: GatewaySession) -> tuple[str, ...]:
    inbox, client = MessageQueue(), session.client
    with session.asking_providers(inbox.put_nowait):
        session.send(Urgency.UNHURRIED, client.reqNewsProviders)
        while True:
            match await inbox.get():
                case NewsProviders(codes=codes):
                    return codes
                case ConnectionLost(reason=reason):
                    raise BrokerAway(reason)
                case _:
                    pass


async def _news_items(
    instrument: Instrument, providers: str, session: GatewaySession
) -> tuple[Headline, ...]:
    inbox, client = MessageQueue(), session.client
    found: list[Headline] = []
    with session.asking(inbox.put_nowait) as number:
        session.send(
            Urgency.UNHURRIED,
            lambda: client.reqHistoricalNews(
                number, instrument.con_id, providers, "", "", MOST, []
            ),
            number=number,
        )
        while True:
            match await inbox.get():
                case NewsItem() as item if headline := headline_of(item):
                    found.append(headline)
                case End():
                    return tuple(found)
                case ConnectionLost(reason=reason):
                    raise BrokerAway(reason)
                case ErrorMessage(number=code, text=text) if not is_notice(code, text):
                    raise BrokerSaidNo(code, text)
                case _:
                    pass


def headline_of(item: NewsItem) -> Headline | None:
    """*item* with its time, which IB sends in UTC, and its text without a provider's
    codes; None where IB's text has no time or no words."""
    text = _MARKS.sub("", plain(item.text)).strip()
    try:
        at = datetime.fromisoformat(item.at.removesuffix(".0")).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Headline(at=at, provider=item.provider, text=text) if text else None
