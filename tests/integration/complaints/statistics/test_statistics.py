"""Tables of cases, leads, terms and ratings: counted as they change, shown by reach and without small cells."""

from __future__ import annotations

import csv
import datetime as dt
import io
from functools import partial
from typing import Any
from unittest import mock

from services.complaints.cases.documents import Case
from services.complaints.leads.commands import dismiss, raise_lead, withdraw_lead
from services.complaints.leads.documents import Lead
from services.complaints.leads.rules import Sign
from services.complaints.statistics import commands
from services.complaints.statistics.documents import Counted, Tally
from shared import clock
from shared.callers import Caller
from shared.contracts.complaints.pay_findings import PayLate
from shared.policy.calendar import months_after, shanghai_date, start_of_day
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.harness import Harness, bearer
from tests.integration.complaints.course import course
from tests.integration.complaints.disputes.matters import in_arbitration
from tests.integration.complaints.legal_aid.test_legal_aid import applied
from tests.integration.complaints.staff import on_register

TODAY = shanghai_date(clock.now())
YEAR = f"{TODAY:%Y}"
NEXT_MONTH = start_of_day(months_after(TODAY.replace(day=1), 1))
HERE, ELSEWHERE = "510681", "510603"


def late(about: str, district: str) -> Sign:
    finding = PayLate(
        settlement_id=about, period_start=TODAY, period_end=TODAY, due_on=TODAY, paid_on=TODAY, days=1, net="1.00"
    )
    return Sign(
        about=about,
        platform="91510600MA0000001E",
        worker_ref=about,
        worker_id=None,
        district=district,
        finding=finding,
        events=(),
        used=(),
        to_judge=(),
    )


async def raised(count: int, district: str) -> list[Lead]:
    async def one(sign: Sign) -> Lead:
        return await transact(partial(raise_lead, sign))

    return [await one(late(f"{district}-{n}", district)) for n in range(count)]


async def table(complaints: Harness, who: dict[str, str], path: str = "lead", **query: str) -> dict[str, Any]:
    """What is shown once the month is over."""
    await complaints.settled()
    with mock.patch.object(clock, "now", return_value=NEXT_MONTH):
        answer = await complaints.http.get(f"/v1/statistics/{path}", params={"year": YEAR, **query}, headers=who)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_leads_are_counted_by_reach_and_without_small_cells(complaints: Harness) -> None:
    here, there = await raised(30, HERE), await raised(26, ELSEWHERE)
    city, own = bearer("officer", department="hrss", district="510600"), await on_register("hrss", HERE)
    found = await table(complaints, city, by="district")
    shown = {line["key"]: (line["cells"], line["total"]) for line in found["lines"]}
    assert (found["columns"], shown, found["total"]) == (["raised"], {HERE: ([30], 30), ELSEWHERE: ([25], 25)}, 55)
    assert found["used"][0]["verified"] is False
    mine = await table(complaints, own, by="district")
    assert [(line["key"], line["total"]) for line in mine["lines"]] == [(HERE, 30)]

    for lead in (here[0], *there[:6]):
        await transact(partial(withdraw_lead, lead.id))
    officer = Caller(subject="officer:hrss-510681", role="officer", department="hrss", district=HERE)
    for lead in here[1:7]:
        await transact(partial(_dismiss, lead.id, officer))
    found = await table(complaints, city, by="district", across="outcome")
    assert found["columns"] == ["dismissed", "raised", "withdrawn"]
    (line,) = (one for one in found["lines"] if one["key"] == HERE)
    assert (line["total"], line["cells"]) == (30, [None, 25, None])  # 6, 23, and the one withdrawn
    assert line["steps"] == {"decide": {"median": 0, "p90": 0}}

    with mock.patch.object(clock, "now", return_value=NEXT_MONTH):
        answer = await complaints.http.get(f"/v1/statistics/lead/table?year={YEAR}&by=district", headers=city)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["district", "dismissed", "raised", "withdrawn", "total", "decide median", "decide p90"]
    assert [row[3] for row in rows if row[0] == HERE] == ["*"]
    sheet = await complaints.http.get(f"/v1/statistics/lead/table?year={YEAR}&format=xlsx", headers=city)
    assert sheet.content.startswith(b"PK")


async def _dismiss(lead_id: str, officer: Caller, tx: Any) -> Lead:
    lead = await Lead.of(lead_id, tx)
    assert lead is not None
    return await dismiss(lead, "lawful", None, officer, tx)


async def test_cases_and_their_terms_are_counted_as_they_stand(complaints: Harness) -> None:
    cases = [await course(complaints, f"w-{n}") for n in range(5)]
    for one in cases:
        await one.do("acceptance", one.handler)
    city = bearer("officer", department="hrss", district="510600")
    found = await table(complaints, city, "case", by="month")
    (line,) = found["lines"]
    assert (found["columns"], line["total"], line["key"]) == (["accepted"], 5, f"{TODAY:%Y-%m}")
    assert line["steps"]["accept"] == {"median": 0, "p90": 0}
    terms = await table(complaints, city, "term")
    assert {line["key"].rpartition(":")[0]: line["total"] for line in terms["lines"]}["case:accept"] == 5


async def test_the_terms_of_disputes_and_aid_count_too(complaints: Harness) -> None:
    """When they are set and when they are met, not only when they come near or are missed."""
    city = bearer("officer", department="hrss", district="510600")
    office = await on_register("hrss", "510681", subject="hrss-stat")
    for _ in range(5):
        await in_arbitration(complaints, office)
        await applied(complaints)
    found = (await table(complaints, city, "term"))["lines"]
    totals = {line["key"].rpartition(":")[0]: line["total"] for line in found}
    counted = ("dispute:accept", "dispute:award", "legal_aid:decide")
    assert {key: totals.get(key, 0) >= 5 for key in counted} == dict.fromkeys(counted, True)
    [accepted] = [line for line in found if line["key"].startswith("dispute:accept:")]
    assert accepted["steps"]["taken"] == {"median": 0, "p90": 0}


async def test_counting_again_changes_nothing_and_makes_up_for_gaps(complaints: Harness) -> None:
    await complaints.settled()
    before = {row["_id"]: row["n"] async for row in collection_of(Tally).find({})}
    ids = [case.id async for case in Case.find_all()]
    await commands.count_cases([*ids, *ids])
    assert {row["_id"]: row["n"] async for row in collection_of(Tally).find({})} == before
    await Counted.find_all().delete()
    await Tally.find_all().delete()
    await commands.begin()
    await complaints.settled()
    after = {row["_id"]: row["n"] async for row in collection_of(Tally).find({})}
    gone = {cell: {name: n for name, n in names.items() if n} for cell, names in before.items()}
    assert after == {cell: names for cell, names in gone.items() if names}


async def test_two_tables_beside_each_other_show_no_person(complaints: Harness) -> None:
    """Two leads that came to nothing, in a table that leaves them out, do not follow from the sums that others show."""
    rows = (("rest", "raised", 6), ("late_pay", "raised", 2), ("late_pay", "dismissed", 20))
    for kind, outcome, number in rows:
        place = {"matter": "lead", "year": "2025", "month": "2025-03", "district": HERE, "department": "hrss"}
        cell = {**place, "kind": kind, "enterprise": "-", "n": {f"outcome:{outcome}": number}}
        await collection_of(Tally).insert_one({"_id": f"beside|{kind}|{outcome}", **cell})
    city = bearer("officer", department="hrss", district="510600")
    crossed = await table(complaints, city, year="2025", by="kind", across="outcome")
    sums = await table(complaints, city, year="2025", by="month", across="outcome")
    assert (sums["columns"], sums["totals"]) == (["dismissed", "raised"], [20, 10])
    shown = {line["key"]: (line["cells"], line["total"]) for line in crossed["lines"]}
    assert shown == {"late_pay": ([None, None], 20), "rest": ([None, None], 5)}
    same = await table(complaints, city, year="2025", by="kind", across="kind")
    assert [(line["cells"], line["total"]) for line in same["lines"]] == [([20, 0], 20), ([0, 5], 5)]
    await collection_of(Tally).delete_many({"year": "2025"})


async def test_nothing_new_shows_before_the_month_is_over(complaints: Harness) -> None:
    """Somebody who looks every minute sees nobody come: the table is the same until the month is closed."""
    city = bearer("officer", department="hrss", district="510600")

    async def shown() -> dict[str, Any]:
        await complaints.settled()
        return dict((await complaints.http.get(f"/v1/statistics/case?year={YEAR}", headers=city)).json())

    before = await shown()
    await course(complaints, "w-polled")
    assert await shown() == before
    assert before["as_of"] == str(TODAY.replace(day=1) - dt.timedelta(1))


async def test_figures_read_counters_by_their_index(complaints: Harness) -> None:
    query = {"matter": "lead", "year": YEAR, "district": HERE}
    plan = await collection_of(Tally).find(query).explain()
    assert "IXSCAN" in str(plan["queryPlanner"]["winningPlan"])


async def test_cases_are_counted_by_how_they_ended(complaints: Harness) -> None:
    """What was decided, or why nothing was: not only that they are over."""
    decided, refused = await course(complaints, "w-counted-1"), await course(complaints, "w-counted-2")
    await decided.decided()
    await decided.do("closing", decided.handler)
    await refused.do("refusal", refused.handler, {"reason_zh": "不属于监察职权。", "ground": "not_inspection"})
    await complaints.settled()
    rows = [row["n"] async for row in collection_of(Tally).find({"matter": "case"})]
    counted = {name for names in rows for name, number in names.items() if number}
    assert {"outcome:closed:order", "outcome:refused:not_inspection"} <= counted


async def test_ratings_are_counted_by_grade_without_small_cells(complaints: Harness) -> None:
    """As they are given, without an event; a case that is opened again counts by its last."""
    grades = [5, 5, 5, 4, 4, 4, 4, 4, 4, 1, 1, 1, 1, 1]
    for n, grade in enumerate(grades):
        one = await course(complaints, f"w-rated-{n}")
        await one.decided()
        await one.do("closing", one.handler)
        await one.do("satisfaction", one.worker, {"grade": grade})
    city = bearer("officer", department="hrss", district="510600")
    found = await table(complaints, city, "rating", by="month")
    [line] = found["lines"]
    assert (found["columns"], line["cells"], line["total"], line["satisfied"]) == (
        ["1", "4", "5"],
        [None, 5, None],
        15,
        None,
    )

    await one.do("reopening", one.worker, {"reason": "未履行"})
    for n in range(2):
        more = await course(complaints, f"w-rated-more-{n}")
        await more.decided()
        await more.do("closing", more.handler)
        await more.do("satisfaction", more.worker, {"grade": 5})
    found = await table(complaints, city, "rating", by="month")
    [line] = found["lines"]
    assert (line["cells"], line["total"], line["satisfied"]) == ([5, 5, 5], 15, 67)
    with mock.patch.object(clock, "now", return_value=NEXT_MONTH):
        answer = await complaints.http.get(f"/v1/statistics/rating/table?year={YEAR}&by=month", headers=city)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [
        ["month", "1", "4", "5", "total", "satisfied %"],
        [f"{TODAY:%Y-%m}", "5", "5", "5", "15", "67"],
        ["total", "5", "5", "5", "15", "67"],
    ]
