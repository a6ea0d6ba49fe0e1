"""Who decides on a request that an officer stay away, and what may happen to it."""

from __future__ import annotations

from typing import get_args

import pytest

from services.complaints.recusals import rules
from shared.errors import Forbidden
from tests.unit.machines import goes_by

TABLE = {("asked", "agree"): "agreed", ("asked", "refuse"): "refused"}


def test_a_request_is_decided_once() -> None:
    goes_by(rules.STATES, TABLE, get_args(rules.State), get_args(rules.Move))


def test_an_officer_does_not_decide_on_themselves() -> None:
    with pytest.raises(Forbidden):
        rules.check_decider("officer:one", "officer:one")
    for asked in (None, "officer:two"):
        rules.check_decider(asked, "officer:one")
