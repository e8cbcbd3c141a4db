"""Every step of the exits of one purchase, and what must hold after each.

What has to stand, what may be sold and what somebody else has ended is concluded by the
product's own functions: need, sellable_shares, taken_off.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Final

from core.model.exits.plan import ExitKind
from core.model.exits.protection import Protection
from core.model.market import OrderType, Side
from core.model.money import Shares
from core.model.order import FINAL, Order, OrderState as S
from core.model.portfolio import Inventory, OpenOrder
from core.rules.exits.coverage import (
    SETTLING,
    Need,
    group_has_sold,
    need,
    taken_off,
)
from core.rules.exits.exposure import waits_for_its_stop
from core.rules.exits.written import plan_in
from core.rules.selling.holding import is_exit, sellable_shares
from tests.builders import (
    NOW,
    QRVX,
    a_fill,
    a_protection,
    an_exit,
    an_open_order,
    an_order,
)
from tests.model.exits.state import KINDS, SIZE, Exit, Panic, Rules, Sale, State, Step


_PLAN = plan_in("stop 5% target 10%")
assert _PLAN is not None
_SETTLED: Final = NOW + 2 * SETTLING
"""No time passes in the model: IB has had what it may take to end a group."""

_APPROVED: Final = a_protection(plan=_PLAN)
_OFF: Final = replace(_APPROVED, off=KINDS)


# the journal, in the product's values


@cache
def _exit(each: Exit, leg: int) -> Order:
    fills = tuple(
        a_fill(exec_id=f"x{leg}.{n}.01", shares=Shares(1)) for n in range(each.known)
    )
    order = an_exit(
        leg=leg,
        exit=each.kind,
        order_type=OrderType.STOP,
        shares=Shares(each.shares),
        state=each.state,
        cancel_asked=each.asked,
        oca_group=f"g{each.group}",
        fills=fills,
    )
    return replace(order, position_before=Decimal(SIZE), sent_at=NOW)


@cache
def _entry(known: int) -> Order:
    fills = tuple(a_fill(exec_id=f"e.{n}.01", shares=Shares(1)) for n in range(known))
    state = S.FILLED if known == SIZE else S.ACKED
    return an_order(shares=Shares(SIZE), state=state, fills=fills)


@cache
def _sale(sale: Sale) -> Order:
    fills = (a_fill(exec_id="s.1.01", shares=Shares(sale.shares)),) if sale.done else ()
    ended = S.FILLED if sale.done else S.LAPSED
    return an_order(
        ref="tb-sale-1",
        side=Side.SELL,
        shares=Shares(sale.shares),
        state=ended if sale.over else S.PLANNED,
        fills=fills,
        sent_at=NOW,
        position_before=Decimal(SIZE),
    )


def orders(state: State) -> tuple[Order, ...]:
    """All of the stock, as the journal holds them."""
    exits = (_exit(each, leg) for leg, each in enumerate(state.exits, start=11))
    sales = (_sale(state.sale),) if state.sale else ()
    return (_entry(state.known), *exits, *sales)


def _listed(state: State) -> tuple[OpenOrder, ...]:
    """IB's open orders, as it lists them when it is asked."""
    return tuple(
        an_open_order(
            ref=_exit(each, leg).ref,
            side="SELL",
            shares=Decimal(each.shares),
            filled=Decimal(each.filled),
        )
        for leg, each in enumerate(state.exits, start=11)
        if each.open
    )


def _group_has_sold(state: State, n: int) -> bool:
    order = _exit(state.exits[n], n + 11)
    return group_has_sold(order, orders(state), _listed(state))


def _free(state: State, without: Callable[[Order], bool], rules: Rules) -> int:
    """Shares that may be sold, by what IB lists when it is asked."""
    held = state.held if rules.asks_what_is_held else state.known
    listed = _listed(state) if rules.asks_what_is_held else ()
    ours = orders(state)
    if not rules.waits_for_evidence:
        ours = tuple(o for o in ours if not (o.exit and o.cancel_asked))
        listed = ()
    return sellable_shares(
        QRVX,
        held=None,
        ours=ours,
        inventory=Inventory(open_orders=listed, shares={QRVX.con_id: Decimal(held)}),
        now=NOW,
        without=without,
    )


def _needed(state: State, rules: Rules) -> Need:
    protection: Protection = _OFF if state.off else _APPROVED
    ours = orders(state)
    if not rules.waits_for_evidence:
        ours = tuple(o for o in ours if not (o.exit and o.cancel_asked))
    room = _free(state, is_exit, rules)
    found = need(
        protection,
        ours,
        room=room,
        closing=False,
        now=_SETTLED,
        listed=_listed(state),
    )
    if not rules.ends_what_is_too_much:
        found = replace(found, cancel=())
    return found


# what goes on by itself


def start(state: State, _rules: Rules) -> Iterator[Step]:
    if not state.runs:
        yield "start", state._replace(runs=True)


def receive(state: State, _rules: Rules) -> Iterator[Step]:
    """The journal learns what is so at IB: by a word, or by a pass."""
    if not state.runs:
        return
    if state.known < state.bought:
        yield "hear a fill", state._replace(known=state.bought)
    for n, each in enumerate(state.exits):
        received = _received(each, state)
        if received != each:
            yield f"hear of exit {n}", _with(state, n, received)


def _received(each: Exit, state: State) -> Exit:
    if each.state in {S.PLANNED, S.LAPSED, S.ABSENT}:
        return each
    was_there = each.open or each.filled or _was_ended(each)
    if not was_there:
        silent = each.state is S.SENDING
        return each._replace(state=S.ABSENT) if silent else each
    learned = each._replace(known=each.filled)
    if each.open:
        return learned._replace(state=S.PARTIAL if each.filled else S.ACKED)
    if each.filled == each.shares:
        return learned._replace(state=S.FILLED)
    return learned._replace(state=S.PARTIAL_DONE if each.filled else S.CANCELLED)


def _was_ended(each: Exit) -> bool:
    """It stood at IB and does no more: what never stood is known by its group alone."""
    return each.state in {S.ACKED, S.PARTIAL, S.CANCELLED, S.PARTIAL_DONE}


def keep(state: State, rules: Rules) -> Iterator[Step]:
    """See to the exits, once the journal knows what is so."""
    if not state.runs or state.off:
        return
    if any(taken_off(_APPROVED, orders(state))):
        yield "taken off by others, told", state._replace(off=True, told=True)
        return
    if not rules.looks_at_the_start and not state.budget.crashes:
        return
    needed = _needed(state, rules)
    if state.panic is not Panic.NONE and rules.panic_places_none:
        needed = replace(needed, shares=0, incomplete=())
    wanted = {order.leg - 11 for order in needed.cancel}
    asked = tuple(
        each._replace(asked=each.asked or n in wanted)
        for n, each in enumerate(state.exits)
    )
    if not rules.whole_groups:
        asked = state.exits if not needed.shares else asked
    yield "keep", state._replace(exits=(*asked, *_placed(needed, state, rules)))


def _placed(needed: Need, state: State, rules: Rules) -> tuple[Exit, ...]:
    """A group of its own, or else what the first group lacks."""
    if needed.shares:
        new = len({each.group for each in state.exits})
        return tuple(Exit(group=new, kind=k, shares=needed.shares) for k in KINDS)
    if not needed.incomplete or not rules.whole_groups:
        return ()
    group = needed.incomplete[0]
    return tuple(
        Exit(group=int(group.name[1:]), kind=kind, shares=group.rest)
        for kind in KINDS
        if kind in group.lacks(frozenset(KINDS))
    )


def withdraw(state: State, _rules: Rules) -> Iterator[Step]:
    """What is taken off by others, or by the owner, ends."""
    if not state.runs or not state.off:
        return
    for n, each in enumerate(state.exits):
        if each.state not in FINAL and not each.asked:
            yield f"want exit {n} ended", _with(state, n, each._replace(asked=True))


def send(state: State, rules: Rules) -> Iterator[Step]:
    """One at a time; the guard asks IB right before."""
    if not state.runs or any(each.state is S.SENDING for each in state.exits):
        return
    for n, each in enumerate(state.exits):
        if each.state is not S.PLANNED or _is_too_early(state, n, rules):
            continue
        free = _free(state, _in_group(each.group), rules)
        has_sold = rules.group_is_whole and _group_has_sold(state, n)
        if each.asked or state.off or each.shares > free or has_sold:
            yield f"exit {n} lapses", _with(state, n, each._replace(state=S.LAPSED))
            continue
        sent = each._replace(state=S.SENDING)
        yield f"send exit {n}", _with(state, n, sent._replace(open=True))
        if state.budget.losses:
            budget = state.budget._replace(losses=0)
            lost = _with(state, n, sent)._replace(budget=budget)
            yield f"send exit {n}, lost", lost
        return


def _is_too_early(state: State, n: int, rules: Rules) -> bool:
    due = frozenset[ExitKind]() if state.off else frozenset(KINDS)
    order = _exit(state.exits[n], n + 11)
    return rules.target_waits and waits_for_its_stop(order, due, orders(state))


def _in_group(group: int) -> Callable[[Order], bool]:
    return lambda order: order.oca_group == f"g{group}"


def cancel(state: State, _rules: Rules) -> Iterator[Step]:
    """IB ends the whole group. It is asked about what it has confirmed."""
    for n, each in enumerate(state.exits):
        if state.runs and each.asked and each.open and each.state is not S.SENDING:
            yield f"cancel exit {n}", _end_group(state, each.group)


def sell(state: State, rules: Rules) -> Iterator[Step]:
    """The owner's sale leaves once nothing of its shares is being sold."""
    sale = state.sale
    if not state.runs or sale is None or sale.over:
        return
    ending = any(e.asked and e.state not in FINAL for e in state.exits)
    if rules.sale_waits and ending:
        return
    mine = _sale(sale).ref

    def counted_out(order: Order) -> bool:
        return order.ref == mine or (not rules.sale_waits and order.exit is not None)

    if sale.shares <= _free(state, counted_out, rules):
        sold = state._replace(held=state.held - sale.shares)
        yield "sell", sold._replace(sale=sale._replace(done=True, over=True))
    elif not _needed(state, rules).cancel:
        yield "the sale lapses", state._replace(sale=sale._replace(over=True))


def end_entry(state: State, _rules: Rules) -> Iterator[Step]:
    """A panic ends the purchase, too."""
    panics = state.panic is not Panic.NONE
    if state.runs and panics and not state.entry_over:
        yield "cancel the purchase", state._replace(entry_over=True)


def ask(state: State, _rules: Rules) -> Iterator[Step]:
    """The card that a panic owes, once what it has to wait for has ended."""
    if not state.runs or state.panic is not Panic.OWED:
        return
    alive = any(each.state not in FINAL for each in state.exits)
    if alive or not state.entry_over or state.known < state.bought:
        return
    free = _free(state, lambda _: False, Rules())
    yield "ask", state._replace(panic=Panic.ASKED if free else Panic.OVER)


# what may happen


def panic(state: State, rules: Rules) -> Iterator[Step]:
    """One write; without it the cancels come a moment later, and a kill can come first."""
    if not state.runs or not state.budget.panics or state.sale:
        return
    budget = state.budget._replace(panics=0)
    halted = state._replace(panic=Panic.OWED, panicked=True, budget=budget)
    asked = tuple(
        each._replace(asked=True) if each.state not in FINAL else each
        for each in state.exits
    )
    yield "/panic", halted._replace(exits=asked)
    if not rules.panic_is_one_write and state.budget.crashes:
        budget = budget._replace(crashes=0)
        yield "/panic, killed half way", halted._replace(budget=budget, runs=False)


def answer(state: State, _rules: Rules) -> Iterator[Step]:
    """The owner's Yes or No to a panic's card."""
    if not state.runs or state.panic is not Panic.ASKED:
        return
    over = state._replace(panic=Panic.OVER)
    yield "No", over
    if state.held > 0:
        yield f"Yes to sell {state.held}", over._replace(sale=Sale(shares=state.held))


def fill(state: State, _rules: Rules) -> Iterator[Step]:
    if state.bought < SIZE and not state.entry_over:
        filled = state._replace(held=state.held + 1, bought=state.bought + 1)
        yield "the purchase fills", filled


def fire(state: State, _rules: Rules) -> Iterator[Step]:
    """The price comes to an exit: one share is sold, and taken off its rivals. After a
    sale by hand IB refuses what would be short, if it is not told in time."""
    for n, each in enumerate(state.exits):
        if not each.open or (state.held < 1 and state.hands):
            continue
        sold = _with(state, n, each._replace(filled=each.filled + 1))
        sold = sold._replace(held=sold.held - 1)
        if _rest(sold, each.group) < 1:
            sold = _end_group(sold, each.group)
        yield f"exit {n} sells one", sold


def crash(state: State, rules: Rules) -> Iterator[Step]:
    if state.runs and state.budget.crashes:
        budget = state.budget._replace(crashes=state.budget.crashes - 1)
        dead = state._replace(runs=False, budget=budget)
        forgets = not rules.panic_is_on_disk and state.panic is Panic.OWED
        yield "kill -9", dead._replace(panic=Panic.NONE) if forgets else dead


def by_hand(state: State, _rules: Rules) -> Iterator[Step]:
    """The owner sells a share in TWS, or cancels a group there."""
    if not state.budget.by_hand:
        return
    budget = state.budget._replace(by_hand=0)
    if state.held:
        sold = state._replace(held=state.held - 1, budget=budget, hands=True)
        yield "sell one by hand", sold
    for group in {each.group for each in state.exits if each.open}:
        yield "cancel by hand", _end_group(state, group)._replace(budget=budget)


def approve_sale(state: State, _rules: Rules) -> Iterator[Step]:
    if state.runs and state.budget.sales and state.sale is None:
        budget = state.budget._replace(sales=0)
        for shares in range(1, state.held + 1):
            yield (
                f"Yes to sell {shares}",
                state._replace(sale=Sale(shares=shares), budget=budget),
            )


def _with(state: State, n: int, each: Exit) -> State:
    return state._replace(exits=(*state.exits[:n], each, *state.exits[n + 1 :]))


def _end_group(state: State, group: int) -> State:
    ended = (e._replace(open=False) if e.group == group else e for e in state.exits)
    return state._replace(exits=tuple(ended))


def _rest(state: State, group: int) -> int:
    """Shares that a group may still sell at IB."""
    mine = [each for each in state.exits if each.group == group]
    if not any(each.open for each in mine):
        return 0
    return max(0, max(e.shares for e in mine) - sum(e.filled for e in mine))


# the promises


def broken(state: State) -> str | None:
    """Which promise *state* breaks. What the owner sells by hand at IB is his to know:
    what was at IB then is ended as soon as it is seen."""
    at_ib = sum(_rest(state, g) for g in {each.group for each in state.exits})
    if state.held < 0:
        return "the account is short"
    if not state.hands and at_ib > state.held:
        return "exits could sell more than is held"
    if any(_stands_alone(each, state) for each in state.exits):
        return "a target stands whose stop never came"
    return None


def _stands_alone(target: Exit, state: State) -> bool:
    """Whether IB holds *target*, and never held a stop of its group."""
    if target.kind is not ExitKind.TARGET or not target.open:
        return False
    mine = (e for e in state.exits if e.group == target.group and e != target)
    return not any(e.open or e.filled or _was_ended(e) for e in mine)


def unfinished(state: State) -> str | None:
    """Which promise *state* breaks if nothing goes on by itself any more."""
    covering = {
        group
        for group in {each.group for each in state.exits}
        if ExitKind.STOP in {e.kind for e in state.exits if e.group == group and e.open}
    }
    covered = sum(_rest(state, group) for group in covering)
    if any(each.open for each in state.exits) and state.held < 1:
        return "an exit is alive on a flat position"
    if state.panicked:
        return _unfinished_panic(state)
    if state.off:
        return None if state.told else "taken off, and nobody was told"
    if covered < min(state.held, state.bought):
        return "what was bought has no protection"
    return None


def _unfinished_panic(state: State) -> str | None:
    """All is to be sold: nothing stands any more, and the question has come."""
    if state.panic is Panic.NONE:
        return "a panic was forgotten"
    if any(each.open for each in state.exits):
        return "an exit lives behind a panic"
    if state.panic is Panic.OWED:
        return "the question of a panic never comes"
    return None


StepRule = Callable[[State, Rules], Iterator[Step]]

MUST: Final[tuple[StepRule, ...]] = (
    start,
    receive,
    withdraw,
    cancel,
    send,
    sell,
    keep,
    end_entry,
    ask,
)
MAY: Final[tuple[StepRule, ...]] = (
    fill,
    fire,
    crash,
    by_hand,
    approve_sale,
    panic,
    answer,
)
