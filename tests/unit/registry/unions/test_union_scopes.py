"""Where a union acts."""

from __future__ import annotations

import pytest

from services.registry.unions.rules import Scope
from shared.identity.regions import CITY

COURIERS = Scope(frozenset({"510603"}), frozenset({"courier"}), frozenset())


ONE_FIRM = Scope(frozenset(), frozenset(), frozenset({"P"}), whole_city=True)


GENERAL = Scope(frozenset(), frozenset(), frozenset(), whole_city=True)


@pytest.mark.parametrize(
    ("scope", "district", "parties", "covered"),
    [
        (COURIERS, "510603", [("P", ["courier", "freight"])], True),
        (COURIERS, "510603", [("P", ["courier"]), ("Q", ["freight"])], False),
        (COURIERS, "510603", [(None, ["courier"])], True),
        (COURIERS, "510603", [(None, [])], False),
        (COURIERS, "510681", [("P", ["courier"])], False),
        (COURIERS, CITY, [("P", ["courier"])], False),
        (ONE_FIRM, "510681", [("P", ["freight"])], True),
        (ONE_FIRM, "510681", [("Q", ["freight"])], False),
        (ONE_FIRM, "510681", [(None, ["freight"])], False),
        (GENERAL, "510681", [(None, [])], True),
        (GENERAL, CITY, [("Q", [])], True),
    ],
)
def test_a_union_acts_where_its_scope_holds_every_party(
    scope: Scope, district: str, parties: list[tuple[str | None, list[str]]], covered: bool
) -> None:
    assert scope.covers(district, parties) is covered


@pytest.mark.parametrize(
    ("scope", "district", "parties", "touched"),
    [
        (COURIERS, "510603", [("P", ["courier"]), ("Q", ["freight"])], True),
        (COURIERS, "510603", [("Q", ["freight"])], False),
        (COURIERS, "510681", [("P", ["courier"])], False),
        (ONE_FIRM, "510681", [("Q", ["freight"]), ("P", [])], True),
        (GENERAL, "510681", [(None, [])], True),
    ],
)
def test_a_union_hears_of_what_any_party_is_within_its_scope_of(
    scope: Scope, district: str, parties: list[tuple[str | None, list[str]]], touched: bool
) -> None:
    assert scope.touches(district, parties) is touched
