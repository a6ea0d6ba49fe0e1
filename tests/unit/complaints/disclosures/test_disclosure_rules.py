from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from services.complaints.disclosures import rules
from services.complaints.disclosures.rules import Move, State
from shared.errors import Conflict


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_a_disclosure_is_read_once_when_approved(state: State, move: Move) -> None:
    legal = {("asked", "approve"): "approved", ("asked", "refuse"): "refused", ("approved", "read"): "used"}
    if (state, move) in legal:
        assert rules.STATES.next(state, move) == legal[state, move]
    else:
        with pytest.raises(Conflict):
            rules.STATES.next(state, move)


def test_nobody_approves_an_own_request() -> None:
    rules.check_approver("a", "b")
    with pytest.raises(Conflict):
        rules.check_approver("a", "a")
