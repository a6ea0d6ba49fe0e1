"""Terms run from service on each party for itself, and from nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from services.insurance.letters import rules
from shared.contracts.insurance import Side
from shared.policy import contesting
from shared.policy.parameters import parameters

LAW = parameters.on(dt.date(2026, 9, 2), place="510603")
DAY = dt.timedelta(days=1)
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31))
PARTIES = st.sampled_from(get_args(Side))


@dataclass(frozen=True, slots=True)
class On:
    party: Side
    served_on: dt.date
    corrected: object | None = None


@given(st.lists(st.builds(On, PARTIES, DAYS), max_size=8), PARTIES)
def test_what_was_served_on_others_does_not_count(served: list[On], party: Side) -> None:
    own = [one for one in served if one.party == party]
    assert rules.service_on(party, served) == rules.service_on(party, own)
    assert (rules.service_on(party, served) is None) == (own == [])


@given(DAYS, st.none() | DAYS, st.none() | DAYS)
def test_no_term_runs_against_who_was_not_served(day: dt.date, term: dt.date | None, end: dt.date | None) -> None:
    assert contesting.is_late(day, None, None) is False
    assert contesting.is_late(day, term, end) == any(last < day for last in (term, end) if last is not None)


def test_after_five_years_nobody_contests_a_decision() -> None:
    """Also who was never served."""
    assert contesting.latest("court", dt.date(2026, 9, 2), LAW) == dt.date(2031, 9, 2)
    assert contesting.latest("review", dt.date(2026, 9, 2), LAW) == dt.date(2031, 9, 2)


def test_a_letter_tells_how_it_is_contested() -> None:
    assert rules.rights(LAW) == (
        "如不服本决定，可以自收到本决定书之日起60日内申请行政复议，或者6个月内向人民法院提起行政诉讼。"
    )
    assert rules.rights(parameters.on(dt.date(1990, 1, 1))) is None
