from __future__ import annotations

import asyncio
import datetime as dt

import pytest
import time_machine

from services.complaints.cases.documents import Case as CaseRow
from services.complaints.inspections.documents import Inspection, Origin
from shared import clock
from shared.contracts.complaints import TermMissed
from shared.policy.calendar import SHANGHAI, add_days, add_working_days, shanghai_date
from shared.storage.transaction import transact
from tests.harness import Harness
from tests.integration.complaints.directives import orders
from tests.integration.complaints.penalties.cases import case_of
from tests.integration.complaints.penalties.course import HERE, file, filed, later, meant, officer
from tests.integration.complaints.staff import on_register
from tests.unit.identity.numbers import make_uscc


async def test_of_two_filings_on_one_act_one_is_taken(complaints: Harness) -> None:
    uscc = make_uscc("PN0000003")
    answers = await asyncio.gather(*(file(complaints, uscc) for _ in range(4)))
    assert sorted(status for status, _ in answers) == [201, 409, 409, 409]
    assert {shown["type"] for status, shown in answers if status == 409} == {"/problems/one-act"}
    status, shown = await file(complaints, uscc, began_on="2026-01-05")
    assert (status, shown["type"]) == (409, "/problems/may-be-one-act")
    other = await filed(complaints, uscc, began_on="2026-01-05", another_act="另一次检查中的阻挠")
    assert other.shown["another_act"] == "另一次检查中的阻挠"


async def test_one_act_under_another_name_asks_why(complaints: Harness) -> None:
    uscc = make_uscc("PN000000T")
    days = {"began_on": "2026-03-02", "ended_on": "2026-04-30"}
    await filed(complaints, uscc, violation="overtime", grounds=["overtime"], **days)
    for changes in (
        {"violation": "rest", "grounds": ["overtime"], "began_on": "2026-04-01", "ended_on": "2026-04-30"},
        {"violation": "safety", "grounds": ["women_and_minors"], **days},
    ):
        status, shown = await file(complaints, uscc, **changes)
        assert (status, shown["type"]) == (409, "/problems/may-be-one-act")
        await filed(complaints, uscc, **changes, another_act="另一班组")
    await filed(complaints, uscc, **days | {"began_on": "2026-03-03"})


async def test_an_order_that_was_breached_is_punished_once(complaints: Harness) -> None:
    uscc = make_uscc("PN000000B")
    order = await orders.served(complaints, await orders.Officers.on_register(), uscc)
    asked = {
        "origin": "directive", "origin_id": order.id, "violation": "underpayment", "grounds": ["not_put_right"],
    }  # fmt: skip
    status, shown = await file(complaints, uscc, **asked)
    assert (status, shown["type"]) == (409, "/problems/not-breached")
    with time_machine.travel(later(days=25), tick=True):
        await complaints.settled()
        await complaints.settled()
        for other, kind in (("partial", "no-penalty-for-footing"), ("self_employed", "no-penalty-for-footing")):
            status, shown = await file(complaints, uscc, **asked, relation=other)
            assert (status, shown["type"]) == (422, f"/problems/{kind}")
        await filed(complaints, uscc, **asked)
        status, shown = await file(complaints, uscc, **asked)
        assert (status, shown["type"]) == (409, "/problems/one-act")


async def test_a_finding_is_punished_as_the_case_that_led_to_it(complaints: Harness) -> None:
    uscc = make_uscc("PN000000K")
    case = await case_of(complaints, uscc, "w-finding")
    began = Origin(kind="case", id=case.case_id)
    for number, origin in (("i-p-first", began), ("i-p-second", Origin(kind="inspection", id="i-p-first"))):
        inspection = Inspection(
            id=number, number=number, campaign_id="c", kind="special", enterprise=uscc, department="hrss", district=HERE,
            items=["working_time"], inspectors=["p-first", "p-second"], by_lot=False, origin=origin, state="found",
            visit_by=dt.date(2026, 9, 1), visited_on=dt.date(2026, 9, 1), violated=["working_time"],
            outcome="violations",
        )  # fmt: skip
        await transact(inspection.put)
    asked = {"origin": "inspection", "violation": "overtime", "grounds": ["overtime"]}
    penalty = await filed(complaints, uscc, **asked, origin_id="i-p-second")
    assert penalty.shown["found_on"] == "2026-09-01"
    for again in ({**asked, "origin_id": "i-p-first"}, {**asked, "origin": "case", "origin_id": case.case_id}):
        status, shown = await file(complaints, uscc, **again)
        assert (status, shown["type"]) == (409, "/problems/one-act")


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"violation": "discrimination"}, "no-penalty-for-act"),
        ({"grounds": ["not_put_right"]}, "not-breached"),
        ({"relation": "partial"}, "no-penalty-for-footing"),
        ({"began_on": "2021-01-04", "ended_on": "2021-02-01"}, "limitation"),
        ({"began_on": "2026-02-03", "ended_on": "2026-02-02"}, "act-days"),
        ({"origin_id": "x"}, "origin"),
    ],
)
async def test_what_the_law_does_not_punish_is_not_filed(
    complaints: Harness, changes: dict[str, str], kind: str
) -> None:
    status, shown = await file(complaints, make_uscc("PN000000C"), **changes)
    assert (status, shown["type"]) in {(422, f"/problems/{kind}"), (409, f"/problems/{kind}")}


async def test_a_late_decision_is_told_to_the_desk(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN000000D"))
    assert await penalty.do("extension-request", "p-first", {"days": 31, "text": "复杂"}) == (422, "extension-range")
    await penalty.done("extension-request", "p-first", {"days": 10, "text": "复杂"})
    assert await penalty.do("extension", "p-first", {"text": "同意"}) == (409, "same-officer")
    await penalty.done("extension", "p-fourth", {"text": "同意"})
    due = dt.date.fromisoformat(penalty.shown["decide_by"])
    assert due == add_days(shanghai_date(clock.now()), 100).due
    morning = dt.datetime.combine(add_working_days(due, 1).due, dt.time(10), SHANGHAI)
    with time_machine.travel(morning, tick=True):
        for _ in range(3):
            await complaints.settled()
        missed = [one for one in await complaints.told(TermMissed) if one.matter_id == penalty.id]
        assert [one.step for one in missed] == ["decide_penalty"]


async def test_who_stays_away_from_the_case_has_no_part_in_it(complaints: Harness) -> None:
    uscc = make_uscc("PN000000J")
    case = await case_of(complaints, uscc, "w-away")
    await on_register(district=HERE, subject="p-away")
    kept = await CaseRow.of(case.case_id)
    assert kept is not None
    kept.away = ["p-away"]
    await transact(kept.put)
    penalty = await filed(
        complaints, uscc, origin="case", origin_id=case.case_id, violation="overtime", grounds=["overtime"]
    )
    body = {
        "facts": "x", "charges": [{"ground": "overtime", "persons": 1}], "officers": ["p-first", "p-away"],
        "evidence": [await penalty.filed_evidence()],
    }  # fmt: skip
    assert await penalty.do("conclusion", "p-first", body) == (422, "not-an-inspector")
    assert (await penalty.do("conclusion", "p-away", body))[0] == 403
    kept = await CaseRow.of(case.case_id)
    assert kept is not None
    kept.away = ["p-away", "p-third"]
    await transact(kept.put)
    assert (await penalty.do("closing", "p-third", {"how": "drop", "text": "事实不清"}))[0] == 403
    body["officers"] = ["p-first", "p-third"]
    assert await penalty.do("conclusion", "p-first", body) == (422, "not-an-inspector")


async def test_nothing_is_punished_by_an_order_that_was_withdrawn(complaints: Harness) -> None:
    uscc = make_uscc("PN00000W1")
    order = await orders.served(complaints, await orders.Officers.on_register(), uscc)
    with time_machine.travel(later(days=25), tick=True):
        await complaints.settled()
        await complaints.settled()
        penalty = await filed(
            complaints,
            uscc,
            origin="directive",
            origin_id=order.id,
            violation="underpayment",
            grounds=["not_put_right"],
        )
        await penalty.investigated(charges=[{"ground": "not_put_right"}])
        await penalty.notified()
        await penalty.done("waiver", "enterprise")
        read = await complaints.http.get(f"/v1/directives/{order.id}", headers=officer("p-second"))
        withdrawn = await complaints.http.post(
            f"/v1/directives/{order.id}/withdrawal",
            json={"text": "责令有误"},
            headers=officer("p-second") | {"If-Match": read.headers["etag"]},
        )
        assert withdrawn.status_code == 200, withdrawn.text
        assert await penalty.do("decision", "p-fourth", meant("8000.00")) == (409, "order-withdrawn")
        await penalty.done("closing", "p-fourth", {"how": "drop", "text": "所依据的责令改正已撤销"})
