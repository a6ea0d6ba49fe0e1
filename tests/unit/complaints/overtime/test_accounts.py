"""An employee's hours by whose a reference was that day, and under several references: as if each had always had one of their own."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.complaints.overtime.commands import _works
from services.complaints.parties.account_commands import Accounts
from services.complaints.parties.account_rules import Behind
from services.complaints.parties.rules import Footing
from services.complaints.work_time.documents import flat
from services.complaints.work_time.rules import Span, bounds, merged

MONTH = "2026-09"
BEGUN = dt.date(2026, 8, 1)
Worked = list[tuple[str, int, int, int]]
"""Under which reference, on which day of September, from which to which hour."""


def hired(worker: str, person: str, since: dt.date = BEGUN) -> Any:
    held = Footing(first=since, last=None, relation="employment", parties=f"{person}|p")
    behind = Behind(
        engagement_id=f"{worker}-{person}",
        worker=worker,
        person=person,
        employer="p",
        started_on=since,
        ended_on=None,
        happened_at=dt.datetime(2026, 8, 1, tzinfo=dt.UTC),
        footings=(held,),
    )
    return SimpleNamespace(behind=behind)


def shown(engagements: Iterable[Any], work: Worked) -> dict[tuple[str | None, str], Any]:
    """What the month shows, by whose it is and its kind; each reference of a circle shows the same."""
    of_each: defaultdict[str, list[Any]] = defaultdict(list)
    for one in engagements:
        of_each[one.behind.worker].append(one)
    accounts = Accounts(of_each)
    spans: defaultdict[str, defaultdict[dt.date, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for worker, number, begin, end in work:
        day = dt.date(2026, 9, number)
        first = bounds(day)[0]
        spans[worker][day].append((first + begin * 3600, first + end * 3600))
    rows = {
        (worker, MONTH): {day: {"spans": {"other|510603": flat(merged(some))}} for day, some in spans[worker].items()}
        for worker in of_each
    }
    found: dict[tuple[str | None, str], Any] = {}
    for worker in of_each:
        for one in _works((worker, MONTH), accounts, rows):
            for sign in one.signs(accounts):
                known = found.setdefault((sign.worker_id, sign.kind), (sign.about, sign.finding))
                assert known == (sign.about, sign.finding)
    return {key: finding for key, (_, finding) in found.items()}


HOURS = st.tuples(st.integers(1, 30), st.integers(0, 11), st.integers(12, 24))
WORK = st.lists(HOURS, min_size=1, max_size=30)


@given(WORK, st.integers(2, 30))
def test_a_reference_that_passes_on_is_as_two(work: list[tuple[int, int, int]], passes: int) -> None:
    since = dt.date(2026, 9, passes)
    one = shown([hired("p|R", "anna"), hired("p|R", "bert", since)], [("p|R", *hours) for hours in work])
    two = shown(
        [hired("p|A", "anna"), hired("p|B", "bert", since)],
        [("p|A" if hours[0] < passes else "p|B", *hours) for hours in work],
    )
    assert one == two


@given(st.lists(st.tuples(st.sampled_from(["p|A", "p|B"]), HOURS), min_size=1, max_size=30))
def test_hours_under_two_references_are_as_under_one(work: list[tuple[str, tuple[int, int, int]]]) -> None:
    """What overlaps counts once, and a day on which either was used is no rest."""
    two = shown([hired("p|A", "anna"), hired("p|B", "anna")], [(worker, *hours) for worker, hours in work])
    assert two == shown([hired("p|R", "anna")], [("p|R", *hours) for _, hours in work])


def test_two_people_have_leads_of_their_own() -> None:
    work: Worked = [("p|R", 3, 6, 18), ("p|R", 20, 6, 18)]
    found = shown([hired("p|R", "anna"), hired("p|R", "bert", dt.date(2026, 9, 10))], work)
    assert set(found) == {("anna", "overtime_exceeded"), ("bert", "overtime_exceeded")}
    assert {finding.overtime_seconds for finding in found.values()} == {4 * 3600}


def test_a_session_without_orders_is_no_work_under_a_reference() -> None:
    """So the lead stays with the reference that was worked under, whether the other one's time online is told or not."""
    accounts = Accounts({worker: [hired(worker, "anna")] for worker in ("p|A", "p|B")})
    day = dt.date(2026, 9, 3)
    first = bounds(day)[0]
    long = [first + 6 * 3600, first + 18 * 3600]
    online = {day: {"spans": {"online|": long}}}
    rows = {("p|A", MONTH): online, ("p|B", MONTH): {day: {"spans": {"other|510603": long}}}}
    [work] = _works(("p|B", MONTH), accounts, rows)
    [sign] = work.signs(accounts)
    assert (sign.about, sign.worker_ref, "accounts_together" in sign.to_judge) == ("p|B|2026-09", "B", False)
