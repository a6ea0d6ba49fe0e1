"""What a person may say to an offer of help to work."""

from __future__ import annotations

from typing import get_args

from services.subsidies.employment_assistance.rules import KINDS, STATES, Kind, Move, State
from tests.unit.machines import goes_by


def test_an_offer_is_answered_once() -> None:
    table: dict[tuple[str, str], str] = {("offered", "accept"): "accepted", ("offered", "decline"): "declined"}
    goes_by(STATES, table, get_args(State), get_args(Move))


def test_every_kind_has_its_words() -> None:
    assert set(KINDS) == set(get_args(Kind))
