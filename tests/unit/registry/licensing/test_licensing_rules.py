"""What becomes of a licence, and who may record it."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import get_args

import pytest

from services.registry.licences.rules import NAMES, State
from services.registry.licensing.rules import STATES, Move, may_record
from shared.contracts.registry import LicenceKind
from shared.errors import Conflict
from shared.policy.parameters import parameters

FIRST = dt.date(2026, 1, 1)


TABLE = {
    ("valid", "renew"): "valid",
    ("valid", "lapse"): "lapsed",
    ("valid", "revoke"): "revoked",
    ("lapsed", "renew"): "valid",
    ("revoked", "restore"): "valid",
}


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_a_licence_moves_along_its_table_only(state: State, move: Move) -> None:
    if (state, move) in TABLE:
        assert STATES.next(state, move) == TABLE[state, move]
    else:
        with pytest.raises(Conflict):
            STATES.next(state, move)


def test_a_department_records_what_it_grants_and_labour_all() -> None:
    law = parameters.on(FIRST)
    assert all(may_record("hrss", kind, law) for kind in NAMES)
    assert may_record("post", "courier", law)
    assert not may_record("post", "labour_dispatch", law)
    assert not may_record(None, "courier", law)


def test_every_kind_of_licence_has_its_name_and_its_authority() -> None:
    assert set(NAMES) == set(get_args(LicenceKind)) == set(parameters.on(FIRST).table("licence.authorities"))
