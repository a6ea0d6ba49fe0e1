"""Courier outlets: who insures their people."""

from __future__ import annotations

import datetime as dt

import pytest

from services.insurance.engagements.rules import Span
from services.insurance.enrolment.segments import Engaged, segments
from services.insurance.outlets.rules import OutletTerms, insurer_of
from shared.errors import Conflict
from tests.unit.identity.numbers import make_uscc

OWN, FIRM = make_uscc("MA0000001"), make_uscc("MA0000002")


def test_a_licensed_outlet_insures_itself() -> None:
    """One that is only filed names the enterprise that insures for it."""
    assert insurer_of(OWN, "licensed", None) == insurer_of(OWN, "licensed", OWN) == OWN
    assert insurer_of(OWN, "terminal_only", FIRM) == FIRM
    for filing, named in (("licensed", FIRM), ("terminal_only", None), ("terminal_only", OWN)):
        with pytest.raises(Conflict):
            insurer_of(OWN, filing, named)  # type: ignore[arg-type]


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
