"""/exits and its buttons: what protects each holding, and a card that asks for other exits."""

from collections.abc import Iterable

from bot import keyboards
from bot.handlers.questions import Question
from bot.handlers.services import (
    Received,
    Services,
    Tapped,
    answer,
    ask,
    follow,
    reply,
    toast,
)
from bot.handlers.trading.choice import where
from bot.outgoing.page import Page
from bot.presses.exits import AskExits, ChosenExits
from bot.views import toasts, trouble
from bot.views.trading import exits as views, listed_exits
from core.model.errors import BrokerError
from core.model.exits.overview import ProtectedHolding
from core.model.exits.plan import ExitPlan
from core.model.market import ConId
from core.model.proposal import ChooseExits
from core.rules.exits.written import plan_in
from core.rules.halts import exits_wait


async def exits(received: Received, services: Services) -> None:
    """/exits: show the exits of each holding; with a symbol and exits (/exits QRVX stop 5%),
    make a card that asks for them."""
    said = received.arguments
    plan = plan_in(" ".join(said[1:])) if said else None
    if not said:
        await reply(received, await exits_page(services))
    elif plan is None:
        question = Question(name="exits", stock=said[0])
        await ask(received, services, question, Page(text=views.how_to_set()))
    elif page := await _asked(received, services, said[0], plan):
        await reply(received, page)


async def exits_page(services: Services) -> Page:
    """The exits of each holding, with their buttons; why not, if IB is away."""
    cards = services.engine.named.exits
    try:
        held, abroad = bare_first(await cards.holdings()), await cards.abroad()
    except BrokerError as away:
        return Page(text=trouble.no_line(str(away)))
    wait = exits_wait(services.queries.halts())
    return Page(
        text=listed_exits.overview(held, abroad=abroad, wait=wait),
        keyboard=keyboards.for_exits(held),
    )


def bare_first(held: Iterable[ProtectedHolding]) -> list[ProtectedHolding]:
    """The holdings, those with the most shares without a stop first."""
    return sorted(held, key=lambda each: -each.naked)


async def ask_exits(chosen: AskExits, tapped: Tapped, services: Services) -> None:
    """The button for other exits: makes a card, and no more."""
    await toast(tapped, toasts.LOOKING_AT_THE_PRICE)
    if page := await _asked(tapped, services, chosen.con_id, chosen.plan):
        await follow(tapped, page)


async def _asked(
    wanted: Received | Tapped, services: Services, holding: ConId | str, plan: ExitPlan
) -> Page | None:
    """Make a card; the reason if there is none."""
    key = f"exits:{wanted.number}"
    try:
        with services.awaited(wanted.answers.sender, key):
            problem = await services.engine.named.exits.offer(holding, plan, key=key)
    except BrokerError as away:
        problem = str(away)
    return None if problem is None else Page(text=views.no_card(problem))


async def choose_exits(chosen: ChosenExits, tapped: Tapped, services: Services) -> None:
    """Change the exits on the card; it asks again, and nothing is approved."""
    tap = ChooseExits(
        token=chosen.token, plan=chosen.plan, shown=where(tapped, services)
    )
    decision = services.engine.choose_exits(tap)
    await (toast if decision.proposal else answer)(tapped, trouble.rechosen(decision))
