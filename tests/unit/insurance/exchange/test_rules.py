"""How two lists of enrolments are compared."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.differences.rules import MENDS_ITSELF
from services.insurance.exchange import rules
from services.insurance.exchange.rules import Facts, Ours, Theirs

FIRST, LAST, OTHER = dt.date(2026, 9, 1), dt.date(2026, 9, 20), dt.date(2026, 9, 25)
FACTS = Facts("occupational_injury", "person", "91510600MA00000000", "510603", FIRST)
ACCEPTED = Ours(FACTS, "accepted", None, ended_there=False)
THERE = Theirs(FACTS, "accepted", None, None)


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        (ACCEPTED, THERE, None),
        (ACCEPTED, None, "unknown_there"),
        (replace(ACCEPTED, status="waiting"), None, "unknown_there"),
        (replace(ACCEPTED, status="waiting", facts=None), None, None),
        (replace(ACCEPTED, status="rejected"), None, None),
        (replace(ACCEPTED, status="waiting"), THERE, "answer_lost"),
        (replace(ACCEPTED, status="waiting"), replace(THERE, status="rejected"), "answer_lost"),
        (ACCEPTED, replace(THERE, status="rejected"), "answered_otherwise"),
        (replace(ACCEPTED, status="rejected"), replace(THERE, status="rejected"), None),
        (None, THERE, "unknown_here"),
        (None, replace(THERE, status="rejected"), None),
        (None, replace(THERE, ends_on=dt.date(2026, 8, 31)), None),
        (ACCEPTED, replace(THERE, facts=replace(FACTS, person="another")), "other_facts"),
        (ACCEPTED, replace(THERE, facts=replace(FACTS, starts_on=LAST)), "other_facts"),
        (replace(ACCEPTED, ends_on=LAST), THERE, "end_missing"),
        (replace(ACCEPTED, ends_on=LAST, ended_there=True), THERE, "end_missing"),
        (replace(ACCEPTED, ends_on=LAST), replace(THERE, ends_on=OTHER, end_receipt="e"), "end_missing"),
        (
            replace(ACCEPTED, ends_on=LAST, ended_there=True),
            replace(THERE, ends_on=OTHER, end_receipt="e"),
            "other_end",
        ),
        (replace(ACCEPTED, ends_on=LAST), replace(THERE, ends_on=LAST, end_receipt="e"), "end_receipt_lost"),
        (ACCEPTED, replace(THERE, ends_on=OTHER), "end_unknown_here"),
    ],
)
def test_what_differs_in_one_enrolment(ours: Ours | None, theirs: Theirs | None, kind: str | None) -> None:
    assert rules.difference(ours, theirs) == kind


def mend(kind: str, ours: Ours, theirs: Theirs | None) -> tuple[Ours, Theirs]:
    """What sending does on both sides: the province knows a number again and answers it as before."""
    there = theirs or Theirs(ours.facts or FACTS, "accepted", None, None)
    ours = replace(ours, status=there.status if ours.status == "waiting" else ours.status)
    if ours.status == "accepted" and ours.ends_on is not None:
        there = replace(there, ends_on=ours.ends_on, end_receipt="receipt")
        ours = replace(ours, ended_there=True)
    return ours, there


ends = st.sampled_from([None, LAST, OTHER])


@st.composite
def exchanged(draw: st.DrawFn) -> tuple[Ours, Theirs | None]:
    """A request and what the province has of it after any of its messages or answers were lost, doubled or forgotten."""
    ends_on, refused = draw(ends), draw(st.booleans())
    if draw(st.booleans()):  # it never arrived, or was forgotten there
        ours = Ours(FACTS, draw(st.sampled_from(["waiting", "accepted"])), ends_on, draw(st.booleans()))
        return ours, None
    answered = draw(st.booleans())
    if refused:
        theirs = Theirs(FACTS, "rejected", None, None)
        return Ours(FACTS, "rejected" if answered else "waiting", ends_on, ended_there=False), theirs
    end_arrived = answered and ends_on is not None and draw(st.booleans())
    end_answered = end_arrived and draw(st.booleans())
    theirs = Theirs(FACTS, "accepted", ends_on if end_arrived else None, "receipt" if end_arrived else None)
    return Ours(FACTS, "accepted" if answered else "waiting", ends_on, end_answered), theirs


@given(st.dictionaries(st.integers(0, 50).map(str), exchanged(), max_size=20))
def test_whatever_was_mended_is_not_found_again(
    requests: dict[str, tuple[Ours, Theirs | None]],
) -> None:
    """Whatever was lost or doubled is mended."""
    ours = {number: pair[0] for number, pair in requests.items()}
    theirs = {number: pair[1] for number, pair in requests.items() if pair[1] is not None}
    found = rules.compare(ours, theirs)
    assert set(found.values()) <= MENDS_ITSELF
    for number, kind in found.items():
        ours[number], theirs[number] = mend(kind, ours[number], theirs.get(number))
    assert rules.compare(ours, theirs) == {}
    for number in requests:
        if ours[number].status == "accepted":
            assert theirs[number].ends_on == ours[number].ends_on


@given(st.dictionaries(st.integers(0, 9).map(str), exchanged(), max_size=5))
def test_what_only_one_side_has_is_found_from_either_side(requests: dict[str, tuple[Ours, Theirs | None]]) -> None:
    theirs = {number: pair[1] for number, pair in requests.items() if pair[1] is not None}
    accepted = {number for number, one in theirs.items() if one.status == "accepted"}
    assert rules.compare({}, theirs) == dict.fromkeys(accepted, "unknown_here")
