"""The bars of a card's five, all at once. Looks at the market; cannot touch it.

Tested by tests/bot/handlers/looks/test_charts.py.
"""

from core.flows.research.together import together
from core.model.chart import Chart, Charts, Course
from core.model.errors import BrokerError
from core.model.proposal import Proposal
from core.model.ranking import Candidate
from core.ports.market import BarSource, Clock
from core.rules.figures.charting import chart


async def charts(
    market: BarSource, proposal: Proposal, *, within: float, clock: Clock
) -> Charts:
    """What can be drawn of *proposal*'s five after *within* seconds at the latest. A stock
    whose bars IB does not send is named, with the reason; the others are drawn."""
    ranking = proposal.ranking

    async def fetch(candidate: Candidate) -> Chart:
        course: Course = ()
        problem = None
        try:
            course = await market.intraday_bars(candidate.instrument, within=within)
        except BrokerError as error:
            problem = str(error)
        return chart(proposal, candidate, course, problem=problem)

    drawn = await together("chart", *(fetch(each) for each in ranking.candidates))
    return Charts(
        at=clock.now(),
        mode=proposal.mode,
        account=proposal.account,
        session_day=ranking.session_day,
        prior_day=ranking.prior_day,
        charts=drawn,
    )
