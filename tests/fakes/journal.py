"""The journal's roles in memory. What the contract tests ask of the one on disk they
ask of this one, so that neither promises what the other does not keep."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256

from core.model.audit import JournalSize
from core.model.chosen.schedule import DayOff, Entry, RunKind, Times
from core.model.chosen.setting import SettingChange
from core.model.errors import Contradiction
from core.model.market import ConId
from core.model.news import REDRAWN, News, OutboxItem
from core.model.order import SETTLED, Order, OrderRef, OrderState
from core.model.proposal import (
    UNDECIDED,
    Proposal,
    ProposalId,
    ProposalState,
    Purpose,
    Shown,
    Token,
)
from core.model.report import MORNING_REPORT, ReportState
from core.model.scoring.following import Followed, Horizon, Unfinished
from core.model.scoring.recording import Recording


@dataclass(slots=True)
class Told:
    """One piece of news: its editions, its turn, and where it stands."""

    news: News
    turn: int
    edition: int = 1
    told: int = 0
    message: int | None = None


@dataclass(slots=True)
class Copy:
    """The same in another chat."""

    told: int = 0
    message: int | None = None


@dataclass(slots=True)
class Tables:
    """Everything that a transaction may change."""

    updates: dict[int, tuple[datetime, str]] = field(default_factory=dict)
    handled: set[int] = field(default_factory=set)
    cards: dict[ProposalId, Proposal] = field(default_factory=dict)
    orders: dict[OrderRef, Order] = field(default_factory=dict)
    news: dict[str, Told] = field(default_factory=dict)
    places: dict[str, Shown] = field(default_factory=dict)
    copies: dict[tuple[str, int], Copy] = field(default_factory=dict)
    reports: dict[tuple[date, str], tuple[ReportState, datetime | None]] = field(
        default_factory=dict
    )
    entries: list[Entry] = field(default_factory=list)
    removed: set[int] = field(default_factory=set)
    days_off: dict[date, DayOff] = field(default_factory=dict)
    recordings: dict[ProposalId, Recording] = field(default_factory=dict)
    followed: dict[tuple[ProposalId, Horizon], Followed] = field(default_factory=dict)
    setting_changes: list[SettingChange] = field(default_factory=list)
    trail: list[tuple[datetime, str, str, str]] = field(default_factory=list)
    memory: dict[str, object] = field(default_factory=dict)


class Ground:
    """The tables, and the one transaction that may be open on them."""

    def __init__(self) -> None:
        self.tables = Tables()
        self._writing = False

    @property
    def writing(self) -> Tables:
        if not self._writing:
            raise Contradiction("Something was to be written outside a transaction.")
        return self.tables

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self._writing:
            raise Contradiction("A transaction inside another would not be on disk.")
        before, self._writing = deepcopy(self.tables), True
        try:
            yield
        except BaseException:
            self.tables = before
            raise
        finally:
            self._writing = False


class Role:
    """One role over the ground that all share."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def transaction(self) -> AbstractContextManager[None]:
        return self._ground.transaction()

    @property
    def _reading(self) -> Tables:
        return self._ground.tables

    @property
    def _writing(self) -> Tables:
        return self._ground.writing


class MemoryInbox(Role):
    """Implements InboxStore."""

    def unsynced(self) -> AbstractContextManager[None]:
        return self._ground.transaction()

    def sync(self) -> None:
        """Nothing here is on a disk."""

    def receive(self, updates: Iterable[tuple[int, str]], *, at: datetime) -> None:
        for number, raw in updates:
            self._writing.updates.setdefault(number, (at, raw))

    def unread(self) -> tuple[tuple[int, str], ...]:
        kept = self._reading.updates
        numbers = kept.keys() - self._reading.handled
        in_turn = sorted(numbers, key=lambda number: (kept[number][0], number))
        return tuple((number, kept[number][1]) for number in in_turn)

    def finish(self, update_id: int) -> None:
        self._writing.handled.add(update_id)

    def bury(self, update_id: int, *, reason: str) -> None:
        del reason
        self._writing.handled.add(update_id)


class MemoryProposals(Role):
    """Implements Proposals."""

    def add(self, proposal: Proposal) -> None:
        cards = self._writing.cards
        taken = any(card.token == proposal.token for card in cards.values())
        if taken or proposal.id in cards:
            raise Contradiction("The card's id or token is another's.")
        cards[proposal.id] = proposal

    def amend(self, proposal: Proposal) -> None:
        stands = self._writing.cards.get(proposal.id)
        if stands is None or stands.state not in UNDECIDED:
            raise Contradiction(f"Card {proposal.id} cannot be amended.")
        self._writing.cards[proposal.id] = replace(
            proposal,
            state=stands.state,
            decided_by=stands.decided_by,
            decided_at=stands.decided_at,
        )

    def stand(self, proposal_id: ProposalId, shown: Shown) -> None:
        if (stands := self._writing.cards.get(proposal_id)) is not None:
            self._writing.cards[proposal_id] = replace(stands, shown=shown)

    def move(
        self,
        proposal_id: ProposalId,
        *,
        to: ProposalState,
        by: str,
        at: datetime,
        shown: Shown | None,
    ) -> bool:
        stands = self._writing.cards.get(proposal_id)
        if stands is None or stands.state is not ProposalState.OFFERED:
            return False
        if shown is not None and (stands.shown != shown or at >= stands.expires_at):
            return False
        self._writing.cards[proposal_id] = replace(
            stands, state=to, decided_by=by, decided_at=at
        )
        return True

    def by_id(self, proposal_id: ProposalId) -> Proposal | None:
        return self._reading.cards.get(proposal_id)

    def by_token(self, token: Token) -> Proposal | None:
        found = (card for card in self._reading.cards.values() if card.token == token)
        return next(found, None)

    def offers(self) -> tuple[Proposal, ...]:
        cards = self._reading.cards.values()
        open_ones = (card for card in cards if card.state is ProposalState.OFFERED)
        return tuple(sorted(open_ones, key=lambda card: (card.made_at, card.id)))

    def offer_ids(self, *, over_at: datetime | None = None) -> tuple[ProposalId, ...]:
        return tuple(
            card.id
            for card in self.offers()
            if over_at is None or card.expires_at <= over_at
        )

    def newest_in(self, shown: Shown) -> ProposalId | None:
        there = [c.id for c in self._reading.cards.values() if c.shown == shown]
        return there[-1] if there else None

    def latest(self, *, before: date | None) -> Proposal | None:
        fits = [
            card
            for card in self._reading.cards.values()
            if card.purpose is Purpose.PICKS
            and card.legs
            and (before is None or card.session_day < before)
        ]
        return max(fits, key=lambda card: card.made_at, default=None)


class MemoryOrders(Role):
    """Implements Orders."""

    def add(self, order: Order) -> None:
        orders = self._writing.orders
        same = (o for o in orders.values() if o.proposal_id == order.proposal_id)
        con_id = order.instrument.con_id
        doubled = order.exit is None and any(
            o.instrument.con_id == con_id and o.exit is None for o in same
        )
        known = order.proposal_id in self._reading.cards
        if doubled or order.ref in orders or not known:
            raise Contradiction("One order for a stock of a known card.")
        self._keep(order)

    def update(self, order: Order, *, was: OrderState) -> bool:
        stands = self._writing.orders.get(order.ref)
        if stands is None or stands.state is not was:
            return False
        kept = {fill.stem: fill for fill in (*stands.fills, *order.fills)}
        first = {fill.stem: None for fill in (*order.fills, *stands.fills)}
        self._keep(replace(order, fills=tuple(kept[stem] for stem in first)))
        return True

    def _keep(self, order: Order) -> None:
        for other in self._reading.orders.values():
            if other.ref != order.ref:
                self._refuse_what_is_anothers(order, other)
        self._writing.orders[order.ref] = order

    @staticmethod
    def _refuse_what_is_anothers(order: Order, other: Order) -> None:
        ids = (order.client_id, order.order_id)
        if None not in ids and ids == (other.client_id, other.order_id):
            raise Contradiction("Another order has its order id.")
        if {fill.stem for fill in order.fills} & {fill.stem for fill in other.fills}:
            raise Contradiction("A fill belongs to another order already.")

    def by_ref(self, ref: OrderRef) -> Order | None:
        return self._reading.orders.get(ref)

    def by_order_id(self, *, client_id: int, order_id: int) -> Order | None:
        names = (client_id, order_id)
        return self._first(lambda order: (order.client_id, order.order_id) == names)

    def by_exec(self, exec_id: str) -> Order | None:
        stem = exec_id.rpartition(".")[0] or exec_id
        return self._first(lambda order: any(f.stem == stem for f in order.fills))

    def of_stock(self, con_id: ConId) -> tuple[Order, ...]:
        orders = self._reading.orders.values()
        return tuple(o for o in orders if o.instrument.con_id == con_id)

    def in_states(self, states: Iterable[OrderState]) -> tuple[Order, ...]:
        wanted = set(states)
        return self._those(lambda order: order.state in wanted)

    def of_proposal(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        found = self._of(proposal_id)
        return tuple(order for order in found if order.exit is None)

    def exits_of(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        found = self._of(proposal_id)
        return tuple(order for order in found if order.exit is not None)

    def _of(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        found = self._those(lambda order: order.proposal_id == proposal_id)
        return tuple(sorted(found, key=lambda order: order.leg))

    def sent_on(self, day: date) -> tuple[Order, ...]:
        return self._those(lambda order: order.sent_day == day)

    def counting_since(self, at: datetime) -> tuple[Order, ...]:
        return self._those(
            lambda order: (
                order.state not in SETTLED or any(f.at >= at for f in order.fills)
            )
        )

    def _those(self, fits: Callable[[Order], bool]) -> tuple[Order, ...]:
        return tuple(order for order in self._reading.orders.values() if fits(order))

    def _first(self, fits: Callable[[Order], bool]) -> Order | None:
        return next(iter(self._those(fits)), None)


class MemoryOutbox(Role):
    """Implements OutboxStore."""

    def tell(self, news: News) -> None:
        kept = self._writing.news
        turn = max((each.turn for each in kept.values()), default=0) + 1
        known = kept.get(news.key)
        if known is None:
            kept[news.key] = Told(news, turn)
        elif isinstance(news, REDRAWN):
            if known.told == known.edition:
                known.turn = turn
            known.news, known.edition = news, known.edition + 1

    def untold(self) -> tuple[OutboxItem, ...]:
        waiting = (e for e in self._reading.news.values() if e.told < e.edition)
        return tuple(
            OutboxItem(
                news=each.news,
                edition=each.edition,
                message=each.message,
            )
            for each in sorted(waiting, key=lambda each: each.turn)
        )

    def told(self, news: News, *, edition: int, message: int | None) -> None:
        kept = self._noted(news, message)
        kept.told = max(kept.told, edition)

    def stands(self, news: News, *, message: int) -> None:
        self._noted(news, message)

    def _noted(self, news: News, message: int | None) -> Told:
        kept = self._writing.news.get(news.key)
        if kept is None:
            raise Contradiction(f"The news {news.key} was never to be told.")
        kept.message = kept.message if message is None else message
        return kept

    def placed(self, key: str) -> Shown | None:
        return self._reading.places.get(key)

    def place(self, key: str, shown: Shown) -> None:
        self._writing.places[key] = shown

    def unplace(self, key: str) -> None:
        self._writing.places.pop(key, None)

    def open_places(self) -> tuple[tuple[str, Shown], ...]:
        taken = {each.message for each in self._reading.news.values()}
        places = self._reading.places.items()
        free = [(key, shown) for key, shown in places if shown.message not in taken]
        return tuple(sorted(free, key=lambda each: each[1].message))

    def of_chat(self, chat: int) -> "MemoryCopies":
        return MemoryCopies(self._ground, chat)

    def begin_chat(self, chat: int) -> None:
        for key, told in self._reading.news.items():
            self._writing.copies[key, chat] = Copy(told.edition)

    def end_chat(self, chat: int) -> None:
        for key, there in list(self._writing.copies):
            if there == chat:
                del self._writing.copies[key, there]
        for key, shown in list(self._writing.places.items()):
            if shown.chat == chat:
                del self._writing.places[key]

    def told_at(self, shown: Shown) -> str | None:
        there = (
            key
            for (key, chat), copy in self._reading.copies.items()
            if (chat, copy.message) == (shown.chat, shown.message)
        )
        return next(there, None)


class MemoryCopies(MemoryOutbox):
    """The same news for another chat."""

    def __init__(self, ground: Ground, chat: int) -> None:
        super().__init__(ground)
        self._chat = chat

    def untold(self) -> tuple[OutboxItem, ...]:
        news = sorted(self._reading.news.values(), key=lambda each: each.turn)
        return tuple(
            OutboxItem(
                news=each.news,
                edition=each.edition,
                message=copy.message,
            )
            for each in news
            if (copy := self._copy(each.news)).told < each.edition
        )

    def told(self, news: News, *, edition: int, message: int | None) -> None:
        copy = self._copy(news)
        told = max(copy.told, edition)
        kept = copy.message if message is None else message
        self._writing.copies[news.key, self._chat] = Copy(told, kept)

    def stands(self, news: News, *, message: int) -> None:
        self.told(news, edition=0, message=message)

    def _copy(self, news: News) -> Copy:
        return self._reading.copies.get((news.key, self._chat), Copy())

    def placed(self, key: str) -> Shown | None:
        return super().placed(f"{self._chat}/{key}")

    def place(self, key: str, shown: Shown) -> None:
        super().place(f"{self._chat}/{key}", shown)

    def unplace(self, key: str) -> None:
        super().unplace(f"{self._chat}/{key}")

    def open_places(self) -> tuple[tuple[str, Shown], ...]:
        return ()


class MemoryReports(Role):
    """Implements Reports."""

    def state(self, day: date, key: str = MORNING_REPORT) -> ReportState | None:
        return self.states(day).get(key)

    def states(self, day: date) -> Mapping[str, ReportState]:
        kept = self._reading.reports.items()
        return {key: state for (of, key), (state, _) in kept if of == day}

    def open_day(
        self, day: date, state: ReportState, key: str = MORNING_REPORT
    ) -> bool:
        if (day, key) in self._writing.reports:
            return False
        self._writing.reports[day, key] = (state, None)
        return True

    def claim(
        self, day: date, *, now: datetime, lease: datetime, key: str = MORNING_REPORT
    ) -> bool:
        state, held_until = self._writing.reports.get((day, key), (None, None))
        is_over = held_until is not None and held_until <= now
        if state is ReportState.DUE or (state is ReportState.RUNNING and is_over):
            self._writing.reports[day, key] = (ReportState.RUNNING, lease)
            return True
        return False

    def close(self, day: date, state: ReportState, key: str = MORNING_REPORT) -> None:
        if (day, key) not in self._writing.reports:
            raise Contradiction(f"{key} of {day} was never due.")
        self._writing.reports[day, key] = (state, self._writing.reports[day, key][1])


class MemorySchedules(Role):
    """Implements Schedules."""

    def entries(self) -> tuple[Entry, ...]:
        removed = self._reading.removed
        return tuple(e for e in self._reading.entries if e.number not in removed)

    def days_off(self) -> tuple[DayOff, ...]:
        return tuple(sorted(self._reading.days_off.values(), key=lambda off: off.day))

    def add(
        self,
        kind: RunKind,
        times: Times,
        *,
        weekdays: frozenset[int],
        at: datetime,
        by: str,
    ) -> Entry:
        entry = Entry(
            number=len(self._writing.entries) + 1,
            kind=kind,
            times=times,
            weekdays=weekdays,
            made_at=at,
            by=by,
        )
        self._writing.entries.append(entry)
        return entry

    def remove(self, number: int) -> bool:
        is_there = any(entry.number == number for entry in self.entries())
        self._writing.removed.add(number)
        return is_there

    def take_off(self, day: date, *, by: str) -> None:
        self._writing.days_off[day] = DayOff(day=day, by=by)

    def take_back(self, day: date, *, at: datetime) -> bool:
        off = self._writing.days_off.get(day)
        if off is None or off.ended_at is not None:
            return False
        self._writing.days_off[day] = replace(off, ended_at=at)
        return True


class MemorySettingChanges(Role):
    """Implements SettingChanges."""

    def add(self, change: SettingChange) -> None:
        self._writing.setting_changes.append(change)

    def all(self) -> tuple[SettingChange, ...]:
        return tuple(self._reading.setting_changes)


class MemoryRecordings(Role):
    """Implements Recordings."""

    def add(self, new: Recording) -> str:
        known = self._writing.recordings
        if new.proposal_id in known:
            raise Contradiction("One recording for each card.")
        known[new.proposal_id] = new
        return sha256(repr(new).encode()).hexdigest()

    def by_id(self, proposal_id: ProposalId) -> Recording | None:
        return self._reading.recordings.get(proposal_id)

    def unfinished(self, *, since: date) -> tuple[Unfinished, ...]:
        found = (
            Unfinished(
                proposal_id=each.proposal_id,
                session_day=each.session_day,
                at=each.at,
                done=tuple(
                    horizon
                    for card, horizon in self._reading.followed
                    if card == each.proposal_id
                ),
            )
            for each in self._reading.recordings.values()
            if each.session_day >= since
        )
        return tuple(each for each in found if len(each.done) < len(Horizon))

    def follow(self, new: Followed) -> None:
        known, key = self._writing.followed, (new.proposal_id, new.horizon)
        if key in known or new.proposal_id not in self._reading.recordings:
            raise Contradiction("A horizon of a recording is followed once.")
        known[key] = new

    def followed(
        self, *, newest_first: bool = False
    ) -> Iterator[tuple[Recording, tuple[Followed, ...]]]:
        recordings = list(self._reading.recordings.items())
        for card, recording in reversed(recordings) if newest_first else recordings:
            kept = self._reading.followed.items()
            became = tuple(each for (of, _), each in kept if of == card)
            if became:
                yield recording, became


class MemoryRetention(Role):
    """Implements Retention."""

    def forget_updates(self, *, before: datetime, most: int) -> int:
        kept = self._writing.updates
        old = sorted(
            number
            for number, (at, _) in kept.items()
            if at < before and number in self._reading.handled
        )
        for number in old[:most]:
            del kept[number]
        return len(old[:most])

    def forget_cards(self, *, before: datetime, most: int) -> int:
        old = [
            card for card in self._reading.cards.values() if self._is_over(card, before)
        ]
        old.sort(key=lambda card: card.made_at)
        for card in old[:most]:
            self._forget(card.id)
        return len(old[:most])

    @staticmethod
    def _may_protect(card: Proposal) -> bool:
        approved = card.state is ProposalState.APPROVED
        return approved and card.purpose is Purpose.EXITS

    def _is_over(self, card: Proposal, before: datetime) -> bool:
        tables = self._reading
        orders = [o for o in tables.orders.values() if o.proposal_id == card.id]
        untold = any(
            each.told < each.edition and card.id in key
            for key, each in tables.news.items()
        )
        return (
            card.made_at < before
            and card.state is not ProposalState.OFFERED
            and not self._may_protect(card)
            and all(o.state in SETTLED and not o.fills for o in orders)
            and not untold
        )

    def _forget(self, card: ProposalId) -> None:
        tables = self._writing
        del tables.cards[card]
        for ref in [o.ref for o in tables.orders.values() if o.proposal_id == card]:
            del tables.orders[ref]
        for kind in ("card", "settled", "asked-again"):
            self._forget_news(f"{kind}:{card}")
        for place in list(tables.places):
            if tables.memory.get(repr(("card", place))) == card:
                del tables.places[place]
        for name in [n for n, v in tables.memory.items() if v == card]:
            del tables.memory[name]

    def _forget_news(self, key: str) -> None:
        tables = self._writing
        tables.news.pop(key, None)
        for place in [p for p in tables.places if p.rpartition("/")[2] == key]:
            del tables.places[place]
        for copy in [c for c in tables.copies if c[0] == key]:
            del tables.copies[copy]

    def size(self) -> JournalSize:
        return JournalSize(bytes=len(repr(self._reading)), since=None)


class MemoryTrail(Role):
    """Implements Trail."""

    def append(self, *, at: datetime, ref: str, kind: str, payload: str) -> None:
        self._writing.trail.append((at, ref, kind, payload))
