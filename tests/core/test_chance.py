"""Names are drawn once and fit where they travel."""

import re

from core.chance import new_proposal_id, new_token, system_random_bytes
from core.model.order import order_ref
from tests.builders import JOURNAL


def test_names_are_new_every_time() -> None:
    ids = {new_proposal_id(system_random_bytes) for _ in range(100)}
    tokens = {new_token(system_random_bytes) for _ in range(100)}

    assert len(ids) == len(tokens) == 100
    assert {len(each) for each in ids} == {10}
    assert {len(each) for each in tokens} == {22}
    assert all(re.fullmatch("[a-z2-7]{10}", each) for each in ids)
    assert all(len(order_ref(JOURNAL, each, 999)) <= 32 for each in ids)
