from __future__ import annotations

import datetime as dt
from itertools import product
from typing import get_args

import pytest

from services.subsidies.titles import rules
from services.subsidies.titles.rules import Move, State
from shared.errors import Conflict
from shared.policy.parameters import parameters

LEGAL = {
    ("none", "submit"): "submitted",
    ("submitted", "return"): "returned",
    ("returned", "resubmit"): "submitted",
    ("submitted", "refuse"): "refused",
    ("submitted", "withdraw"): "withdrawn",
    ("returned", "withdraw"): "withdrawn",
    ("submitted", "forward"): "forwarded",
    ("forwarded", "award"): "awarded",
    ("forwarded", "decline"): "not_awarded",
}


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_a_nomination_moves_only_as_the_table_says(state: State, move: Move) -> None:
    if (state, move) in LEGAL:
        assert rules.STATES.next(state, move) == LEGAL[state, move]
    else:
        with pytest.raises(Conflict):
            rules.STATES.next(state, move)


def test_what_a_nomination_lacks_is_said() -> None:
    law = parameters.on(dt.date(2026, 9, 1), place="510603")
    assert rules.missing({"application_form", "work_summary"}, law) == ("qualification_proof", "integrity_commitment")
    before = parameters.on(dt.date(2020, 1, 1), place="510603")
    assert rules.missing(set(), before) is None
