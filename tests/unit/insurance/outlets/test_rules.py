"""Courier outlets: who insures, what a month costs, and the list of a month."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.engagements.rules import Span
from services.insurance.enrolment.segments import Engaged, segments
from services.insurance.outlet_filing.views import read_list
from services.insurance.outlet_statements.rules import STATES, Event, average_wage, contribution
from services.insurance.outlets.rules import OutletTerms, insurer_of
from shared.errors import Conflict
from shared.policy.parameters import parameters
from shared.web.problems import Problem
from tests.unit.identity.numbers import make_uscc
from tests.unit.machines import goes_by

OWN, FIRM = make_uscc("MA0000001"), make_uscc("MA0000002")
LAW = parameters.on(dt.date(2026, 9, 1), place="510603", industry="courier")
STATEMENT = {
    ("none", "incomplete"): "waiting",
    ("none", "draw"): "drawn",
    ("waiting", "incomplete"): "waiting",
    ("waiting", "draw"): "drawn",
    ("drawn", "draw"): "drawn",
}


def test_every_event_goes_by_the_table_or_is_refused() -> None:
    goes_by(STATES, STATEMENT, ("none", "waiting", "drawn"), get_args(Event))


def test_a_licensed_outlet_insures_itself() -> None:
    """One that is only filed names the enterprise that insures for it."""
    assert insurer_of(OWN, "licensed", None) == insurer_of(OWN, "licensed", OWN) == OWN
    assert insurer_of(OWN, "terminal_only", FIRM) == FIRM
    for filing, named in (("licensed", FIRM), ("terminal_only", None), ("terminal_only", OWN)):
        with pytest.raises(Conflict):
            insurer_of(OWN, filing, named)  # type: ignore[arg-type]


def test_a_month_costs_a_rate_of_each_persons_average_wage() -> None:
    due = contribution(3, Decimal("7512.35"), LAW)
    assert (due.base, due.amount, due.worker_amount) == (Decimal("22537.05"), Decimal("90.15"), Decimal("0.00"))


@given(st.integers(0, 500), st.decimals("0.01", "30000", places=2))
def test_a_contribution_is_never_off_by_more_than_half_a_fen(people: int, wage: Decimal) -> None:
    """It is in whole fen."""
    due = contribution(people, wage, LAW)
    exact = wage * people * LAW.amount("express_outlet.base_ratio") * LAW.amount("express_outlet.rate")
    assert due.amount == due.amount.quantize(Decimal("0.01"))
    assert abs(due.amount - exact) <= Decimal("0.005")


def test_the_average_wage_is_unknown_until_an_officer_enters_it() -> None:
    assert average_wage(None, LAW) is None
    assert average_wage(Decimal("7000"), LAW) == 7000


def row(**changes: Any) -> dict[str, Any]:
    return {"uscc": OWN, "name": "旌阳一部", "district": "510603", "filing": "licensed", "insurer": None} | changes


def test_a_list_is_the_same_as_csv_and_as_json() -> None:
    as_json = json.dumps({"outlets": [row(), row(uscc=FIRM, filing="terminal_only", insurer=OWN)]}).encode()
    as_csv = f"uscc,name,district,filing,insurer\r\n{OWN},旌阳一部,510603,licensed,\r\n{FIRM},旌阳一部,510603,terminal_only,{OWN}"
    assert read_list(as_json, "application/json") == read_list(as_csv.encode("utf-8-sig"), "text/csv")


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"uscc": "91510600MA00000019"}, "uscc"),
        ({"district": "510100"}, "district"),
        ({"filing": "terminal_only"}, "insurer"),
        ({"name": ""}, "name"),
    ],
)
def test_a_list_with_a_wrong_row_is_refused_with_its_number(changes: dict[str, Any], at: str) -> None:
    content = json.dumps({"outlets": [row(uscc=FIRM), row(**changes)]}).encode()
    with pytest.raises(Problem) as refused:
        read_list(content, "application/json")
    assert refused.value.status == 422
    assert [(error["row"], error["at"]) for error in refused.value.extra["errors"]] == [(1, at)]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"outlets": 1}', b"\xff", b'{"outlets": []}'])
def test_what_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(Problem):
        read_list(content, "application/json")


def test_an_outlets_own_person_is_insured_by_it_alone() -> None:
    """Not on days on which an employer insures them."""
    first = dt.date(2026, 9, 1)
    own = Engaged(
        "e1", "p1", OWN, first, None, [(first, "partial")], True, OutletTerms(FIRM, Span(first, None)), outlet_only=True
    )
    [whole] = segments([own])["e1"]
    assert (whole.scheme, whole.basis, whole.unit, whole.ends_on) == ("work_injury", "outlet", FIRM, None)
    october = dt.date(2026, 10, 1)
    employed = Engaged("e2", "p1", "platform", october, None, [(october, "employment")], True)
    [cut] = segments([own, employed])["e1"]
    assert cut.ends_on == dt.date(2026, 9, 30)
