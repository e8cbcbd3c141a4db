"""Which twist a trial has."""

from collections.abc import Mapping
from typing import Final

from tests.campaign.plan import Plan, Twist
from tests.campaign.twists.identities import Elsewhere, OtherClient, OtherTool
from tests.campaign.twists.moments import CancelFirst, Silent, Suspended
from tests.campaign.twists.records import Halted, LostSends, Restored
from tests.campaign.twists.twisted import Twisted
from tests.harness.product import ProductHarness


_TWISTS: Final[Mapping[Twist, type[Twisted]]] = {
    Twist.NONE: Twisted,
    Twist.CANCEL_FIRST: CancelFirst,
    Twist.OTHER_CLIENT: OtherClient,
    Twist.OTHER_TOOL: OtherTool,
    Twist.SILENT: Silent,
    Twist.SUSPENDED: Suspended,
    Twist.RESTORED: Restored,
    Twist.HALTED: Halted,
    Twist.LOST_SENDS: LostSends,
    Twist.ELSEWHERE: Elsewhere,
}


def twisted(plan: Plan, harness: ProductHarness) -> Twisted:
    """What else goes wrong in a trial of *plan*."""
    return _TWISTS[plan.twist](plan=plan, harness=harness)
