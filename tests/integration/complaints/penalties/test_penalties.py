from __future__ import annotations

import asyncio
import datetime as dt
import random
from decimal import Decimal

import pytest
import pytest_asyncio
import time_machine

from services.complaints.cases.documents import Case as CaseRow
from services.complaints.inspections.documents import Inspection, Origin
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.rules import PUNISHED
from services.complaints.terms.documents import Term
from shared import clock
from shared.contracts.base import Fact
from shared.contracts.complaints import (
    PenaltyAnswered,
    PenaltyClosed,
    PenaltyDecided,
    PenaltyDeferred,
    PenaltyHearingSet,
    PenaltyNotified,
    PenaltyOverdue,
    PenaltyPaid,
    PenaltyPublished,
    PenaltyReminded,
    PenaltyTakenToCourt,
    PenaltyWithdrawn,
    TermMissed,
)
from shared.policy.calendar import SHANGHAI, add_days, add_working_days, shanghai_date
from shared.storage.audit import AuditEntry
from shared.storage.client import collection_of
from shared.storage.records import find
from shared.storage.transaction import transact
from tests.harness import Harness, bearer
from tests.integration.complaints.course import Course as Case
from tests.integration.complaints.directives import orders
from tests.integration.complaints.penalties.course import (
    HERE,
    OFFICERS,
    Course,
    file,
    filed,
    meant,
    office,
    officer,
    today,
)
from tests.integration.complaints.staff import on_register
from tests.unit.identity.numbers import make_uscc

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def _office(complaints: Harness) -> None:
    await office()


def later(**span: int) -> dt.datetime:
    return clock.now() + dt.timedelta(**span)


async def told(complaints: Harness, penalty: Course, *kinds: type[Fact]) -> list[str]:
    """The types of a penalty's events."""
    return [
        kind.__name__
        for kind in kinds
        for fact in await complaints.told(kind)
        if getattr(fact, "penalty_id", None) == penalty.id
    ]


async def test_a_fine_is_told_heard_decided_served_and_paid(complaints: Harness) -> None:
    uscc = make_uscc("PN0000001")
    penalty = await filed(
        complaints, uscc, violation="overtime", grounds=["overtime"], began_on="2026-01-05", ended_on="2026-06-30"
    )
    assert penalty.shown["decide_by"] == str(add_days(shanghai_date(clock.now()), 90).due)
    charges = [{"ground": "overtime", "persons": 150}]
    await penalty.investigated(charges=charges, grave=True)
    assert await penalty.do("decision", "p-fourth", meant("60000.00")) == (409, "not-notified")
    assert (
        await complaints.http.get(f"/v1/penalties/{penalty.id}/letter", headers=penalty.enterprise)
    ).status_code == 404
    for outside in ("14999.99", "75000.01"):
        assert await penalty.do("notice", "p-first", meant(outside) | {"by": "直接送达"}) == (422, "fine-range")
    await penalty.notified("60000.00", warning=True)
    letter = await penalty.letter()
    assert letter["notice"]["hearing_due"]
    assert letter["notice"]["articles"] == ["《劳动保障监察条例》第二十五条"]
    files = {"file": ("a.png", PNG, "image/png")}
    kept = await complaints.http.post(
        f"/v1/penalties/{penalty.id}/evidence",
        data={"about": "考勤"},
        files=files,
        headers=complaints.headers("platform", uscc=uscc),
    )
    assert kept.status_code == 201, kept.text
    listed = await complaints.http.get(f"/v1/penalties/{penalty.id}/evidence", headers=officer("p-first"))
    [seen] = listed.json()["items"]
    content = f"/v1/penalties/{penalty.id}/evidence/{seen['evidence_id']}/content"
    assert (await complaints.http.get(content, headers=officer("p-first"))).content == PNG
    await penalty.done("statement", "enterprise", {"text": "已补发加班费"})
    await penalty.done("hearing-request", "enterprise", {"text": "要求听证"})
    assert await penalty.do("decision", "p-fourth", meant("60000.00")) == (409, "penalty-state")
    day = add_working_days(shanghai_date(clock.now()), 7).due
    assert await penalty.do("hearing-day", "p-first", {"on": str(day), "place": "三楼"}) == (409, "same-officer")
    early = {"on": str(day - dt.timedelta(1)), "place": "三楼"}
    assert await penalty.do("hearing-day", "p-third", early) == (422, "hearing-day")
    await penalty.done("hearing-day", "p-third", {"on": str(day), "place": "三楼"})
    with time_machine.travel(later(days=(day - shanghai_date(clock.now())).days), tick=True):
        await penalty.done("hearing", "p-third", {"text": "听证笔录", "appeared": True})
        talk = {"on": today(), "people": ["局长", "副局长"], "record": "一致同意"}
        assert await penalty.do("decision", "p-fourth", meant("60000.00")) == (409, "not-reviewed")
        await penalty.done("review", "p-third", {"passed": True, "text": "程序合法"})
        assert await penalty.do("decision", "p-fourth", meant("60000.00")) == (409, "not-discussed")
        assert await penalty.do("decision", "p-fourth", meant("60000.01", discussion=talk)) == (422, "harsher")
        for same in ("p-first", "p-second", "p-third"):
            assert await penalty.do("decision", same, meant("50000.00", discussion=talk)) == (409, "same-officer")
        await penalty.done("decision", "p-fourth", meant("50000.00", warning=True, discussion=talk))
        assert (await penalty.letter())["decision"] is None
        assert (await penalty.letter())["state"] == "notified"
        await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
        letter = await penalty.letter()
        assert (letter["decision"]["fine"], letter["debt"]["owed"]) == ("50000.00", "50000.00")
        paid = {"amount": "50000.01", "on": today(), "receipt": "R-1"}
        assert await penalty.do("payments", "p-first", paid) == (422, "too-much")
        await penalty.done("payments", "p-first", paid | {"amount": "20000.00"})
        assert await penalty.do("payments", "p-first", paid | {"amount": "1.00"}) == (409, "receipt-known")
        await penalty.done("payments", "p-first", paid | {"amount": "30000.00", "receipt": "R-2"})
        assert penalty.shown["state"] == "fulfilled"
    kinds = (PenaltyNotified, PenaltyAnswered, PenaltyHearingSet, PenaltyDecided, PenaltyPaid)
    assert await told(complaints, penalty, *kinds) == [
        "PenaltyNotified", "PenaltyAnswered", "PenaltyAnswered", "PenaltyHearingSet", "PenaltyDecided", "PenaltyPaid",
        "PenaltyPaid",
    ]  # fmt: skip
    audited = {one.action for one in await find(AuditEntry, {"about": penalty.id})}
    assert {"penalty.filed", "penalty.concluded", "penalty.notified", "penalty.heard", "penalty.reviewed"} < audited
    row = str(await collection_of(Penalty).find_one({"_id": penalty.id}))
    for text in ("现场查明", "已补发加班费", "听证笔录", "程序合法", "一致同意", "情节一般"):
        assert text not in row


async def test_a_decision_waits_until_the_enterprise_has_spoken(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN0000002"))
    await penalty.investigated()
    await penalty.notified("8000.00")
    await penalty.done("statement", "enterprise", {"text": "并未阻挠"})
    assert await penalty.do("hearing-request", "enterprise", {"text": "听证"}) == (409, "no-hearing-due")
    assert await penalty.do("decision", "p-fourth", meant("8000.00")) == (409, "may-still-speak")
    until = dt.date.fromisoformat(penalty.shown["notice"]["speak_until"])
    with time_machine.travel(later(days=(until - shanghai_date(clock.now())).days + 1), tick=True):
        assert await penalty.do("statement", "enterprise", {"text": "补充"}) == (409, "too-late")
        assert await penalty.do("decision", "p-fourth", meant("8000.01")) == (422, "harsher")
        await penalty.done("decision", "p-fourth", meant("8000.00"))


async def test_of_two_filings_on_one_act_one_is_taken(complaints: Harness) -> None:
    uscc = make_uscc("PN0000003")
    answers = await asyncio.gather(*(file(complaints, uscc) for _ in range(4)))
    assert sorted(status for status, _ in answers) == [201, 409, 409, 409]
    assert {shown["type"] for status, shown in answers if status == 409} == {"/problems/one-act"}
    status, shown = await file(complaints, uscc, began_on="2026-01-05")
    assert (status, shown["type"]) == (409, "/problems/may-be-one-act")
    other = await filed(complaints, uscc, began_on="2026-01-05", another_act="另一次检查中的阻挠")
    assert other.shown["another_act"] == "另一次检查中的阻挠"


async def test_no_fine_grows_by_filing_again_after_a_defence(complaints: Harness) -> None:
    uscc = make_uscc("PN0000004")
    first = await filed(complaints, uscc)
    await first.investigated()
    await first.notified("3000.00")
    await first.done("statement", "enterprise", {"text": "申辩"})
    await first.done("closing", "p-fourth", {"how": "drop", "text": "事实不清"})
    again = await filed(complaints, uscc)
    await again.investigated()
    assert await again.do("notice", "p-first", meant("3000.01") | {"by": "直接送达"}) == (422, "harsher")
    await again.notified("3000.00")


async def test_what_is_not_paid_costs_more_and_goes_to_a_court(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN0000005"))
    await penalty.served("10000.00")
    letter = await penalty.letter()
    due = dt.date.fromisoformat(letter["debt"]["parts"][0]["on"])
    assert due == add_days(shanghai_date(clock.now()), 15).due
    assert await penalty.do("reminder", "p-first", {"by": "邮寄"}) == (409, "not-overdue")
    with time_machine.travel(later(days=(due - shanghai_date(clock.now())).days + 2), tick=True):
        await complaints.settled()
        await complaints.settled()
        assert await told(complaints, penalty, PenaltyOverdue) == ["PenaltyOverdue"]
        assert (await penalty.letter())["debt"]["surcharge"] == "600.00"
        await penalty.done("reminder", "p-first", {"by": "邮寄"})
        assert await penalty.do("court-application", "p-first") == (409, "too-early")
    sue_by = dt.date.fromisoformat(letter["decision"]["sue_by"])
    with time_machine.travel(later(days=(sue_by - shanghai_date(clock.now())).days + 1), tick=True):
        assert (await penalty.letter())["debt"]["surcharge"] == "10000.00"
        await penalty.done("court-application", "p-first")
        await penalty.done("payments", "p-first", {"amount": "15000.00", "on": today(), "receipt": "C-1"})
        await penalty.done("execution-end", "p-fourth", {"text": "无财产可供执行"})
        ended = await penalty.letter()
        assert (ended["state"], ended["debt"]["owed"], ended["ending"]) == ("ended", "5000.00", "无财产可供执行")
    kinds = (PenaltyReminded, PenaltyTakenToCourt, PenaltyPaid, PenaltyClosed)
    assert await told(complaints, penalty, *kinds) == [kind.__name__ for kind in kinds]
    terms = await find(Term, {"matter_kind": "penalty", "matter_id": penalty.id})
    assert {one.step: one.state for one in terms} == {
        "decide_penalty": "met", "serve_penalty": "met", "enforce_penalty": "met"
    }  # fmt: skip


async def test_a_fine_is_paid_in_parts_that_add_up(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN0000006"))
    await penalty.served("10000.00")
    await penalty.done("deferral-request", "enterprise", {"text": "资金周转困难"})
    first = str(shanghai_date(clock.now()) + dt.timedelta(30))
    assert await penalty.do("deferral", "p-fourth", {"yes": True, "text": "同意"}) == (422, "instalments")
    plan = {"yes": True, "text": "同意分期", "parts": 3, "first": first}
    assert await penalty.do("deferral", "p-fourth", plan | {"parts": 13}) == (422, "instalments")
    await penalty.done("deferral", "p-fourth", plan)
    parts = (await penalty.letter())["debt"]["parts"]
    assert [one["amount"] for one in parts] == ["3333.34", "3333.33", "3333.33"]
    with time_machine.travel(later(days=29), tick=True):
        assert (await penalty.letter())["debt"]["surcharge"] == "0.00"
        await penalty.done("payments", "p-first", {"amount": "3333.34", "on": today(), "receipt": "D-1"})
        await complaints.settled()
        assert await told(complaints, penalty, PenaltyOverdue) == []
    assert await told(complaints, penalty, PenaltyDeferred) == ["PenaltyDeferred"]


async def test_a_changed_decision_is_taken_back_from_the_public(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN0000007"))
    await penalty.served("9000.00")
    assert await penalty.do("publication", "p-first", {"text": "阻挠监察"}) == (409, "same-officer")
    await penalty.done("publication", "p-third", {"text": "阻挠劳动保障监察"})
    path = "/v1/public-penalties?limit=500"
    [shown] = [one for one in (await complaints.http.get(path)).json()["items"] if one["penalty_id"] == penalty.id]
    assert (shown["text"], shown["fine"]) == ("阻挠劳动保障监察", "9000.00")
    await penalty.done("contests", "p-first", {"kind": "review", "on": today()})
    lower = {"on": today(), "fine": "4000.00", "text": "复议变更"}
    assert await penalty.do("contest-end", "p-fourth", lower | {"fine": "9000.00"}) == (422, "changed-fine")
    await penalty.done("contest-end", "p-fourth", lower)
    assert (await penalty.letter())["debt"]["owed"] == "4000.00"
    [shown] = [one for one in (await complaints.http.get(path)).json()["items"] if one["penalty_id"] == penalty.id]
    assert (shown["text"], shown["fine"], shown["withdrawn_for"]) == (None, None, "复议变更")
    assert await told(complaints, penalty, PenaltyPublished, PenaltyWithdrawn, PenaltyClosed) == [
        "PenaltyPublished", "PenaltyWithdrawn", "PenaltyClosed"
    ]  # fmt: skip


async def test_an_annulled_fine_is_refunded_and_decided_anew(complaints: Harness) -> None:
    uscc = make_uscc("PN0000008")
    penalty = await filed(complaints, uscc)
    await penalty.served("9000.00")
    await penalty.done("payments", "p-first", {"amount": "9000.00", "on": today(), "receipt": "E-1"})
    assert await penalty.do("annulment", "p-fourth", {"text": "程序违法"}) == (409, "same-officer")
    await penalty.done("annulment", "p-third", {"text": "程序违法"})
    debt = (await penalty.letter())["debt"]
    assert (debt["owed"], debt["refund"]) == ("0.00", "9000.00")
    await filed(complaints, uscc)


async def test_nothing_is_added_while_a_review_goes_on(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN0000009"))
    await penalty.served("10000.00")
    await penalty.done("contests", "p-first", {"kind": "suit", "on": today()})
    assert await penalty.do("contests", "p-first", {"kind": "suit", "on": today()}) == (409, "contested-already")
    with time_machine.travel(later(days=60), tick=True):
        assert (await penalty.letter())["debt"]["surcharge"] == "0.00"
        await penalty.done("contest-end", "p-fourth", {"on": today(), "text": "维持"})
    with time_machine.travel(later(days=62), tick=True):
        assert (await penalty.letter())["debt"]["surcharge"] == "600.00"


async def test_what_is_slight_and_put_right_is_left_unpunished(complaints: Harness) -> None:
    uscc = make_uscc("PN000000A")
    penalty = await filed(complaints, uscc)
    await penalty.investigated()
    leave = {"how": "leave", "leniency": "first_slight_put_right", "text": "已教育"}
    assert await penalty.do("closing", "p-second", leave) == (409, "same-officer")
    assert await penalty.do("closing", "p-fourth", {"how": "leave", "text": "已教育"}) == (422, "leniency")
    await penalty.done("closing", "p-fourth", leave)
    status, shown = await file(complaints, uscc)
    assert (status, shown["type"]) == (409, "/problems/one-act")
    punished = await filed(complaints, uscc, began_on="2026-02-02", ended_on="2026-02-02")
    await punished.decided()
    third = await filed(complaints, uscc, began_on="2026-03-02", ended_on="2026-03-02")
    await third.investigated()
    assert await third.do("closing", "p-fourth", leave) == (409, "not-first")


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


async def test_an_enterprise_reads_its_own_penalties_alone(complaints: Harness) -> None:
    penalty, other = await filed(complaints, make_uscc("PN000000E")), bearer("platform", uscc=make_uscc("PN000000F"))
    listed = await complaints.http.get("/v1/penalties/told", headers=penalty.enterprise)
    assert listed.json()["items"] == []
    await penalty.investigated()
    await penalty.notified()
    listed = await complaints.http.get("/v1/penalties/told", headers=penalty.enterprise)
    assert [one["penalty_id"] for one in listed.json()["items"]] == [penalty.id]
    shown = await penalty.letter()
    assert {"origin", "origin_id", "filed_by", "found", "decided_by", "review"}.isdisjoint(shown)
    for path in (f"/v1/penalties/{penalty.id}/letter", f"/v1/penalties/{penalty.id}/evidence"):
        assert (await complaints.http.get(path, headers=other)).status_code == 404


async def case_of(complaints: Harness, uscc: str, worker: str, *, confidential: bool = True) -> Case:
    """A case, in confidence where not said otherwise, that the office has concluded, after it heard the enterprise."""
    complaint = {
        "platform": uscc,
        "category": "rest",
        "text": "连续三个月每天要求加班到夜里十一点不付加班费",
        "district": HERE,
        "occurred_on": today(),
        "confidential": confidential,
    }
    headers = complaints.headers("worker", worker_id=worker)
    opened = await complaints.http.post("/v1/cases", json=complaint, headers=headers)
    assert opened.status_code == 201, opened.text
    case_id = str(opened.json()["case_id"])
    read = await complaints.http.get(f"/v1/cases/{case_id}", headers=officer("p-first"))
    handler = str(read.json()["handler"])
    approver = next(one for one in OFFICERS if one != handler)
    worker_, platform = bearer("worker", worker_id=worker), bearer("platform", uscc=uscc)
    case = Case(complaints, case_id, worker_, officer(handler), officer(approver), platform)
    await case.do("acceptance", case.handler)
    step = {"kind": "visit", "taken_on": today(), "officers": ["p-first", "p-second"], "record": "现场检查"}
    await case.do("steps", case.handler, step, expect=201)
    asked = await case.do("inquiry", case.handler, {"question_zh": "请说明工时情况。"})
    answered = await complaints.http.post(
        f"/v1/platform-cases/{asked['inquiry_id']}/answers",
        json={"text": "已依法安排。"},
        headers=complaints.headers("platform", uscc=uscc),
    )
    assert answered.status_code == 201, answered.text
    await case.do("conclusion", case.handler)
    return case


async def test_a_case_ends_with_a_penalty_only_where_one_was_decided(complaints: Harness) -> None:
    uscc = make_uscc("PN000000G")
    case = await case_of(complaints, uscc, "w-penalty")
    ending = {"outcome": "penalty", "grounds_zh": "超时加班属实", "letter_zh": "已依法作出行政处罚"}
    await case.do("decisions", case.handler, ending, expect=422)
    penalty = await filed(
        complaints, uscc, origin="case", origin_id=case.case_id, violation="overtime", grounds=["overtime"]
    )
    other = await filed(complaints, uscc)
    await other.decided()
    for wrong in (penalty.id, other.id, "no-such-penalty"):
        await case.do("decisions", case.handler, ending | {"penalty_id": wrong}, expect=409)
    await penalty.investigated(charges=[{"ground": "overtime", "persons": 12}])
    await penalty.notified("3600.00", warning=True)
    await penalty.done("waiver", "enterprise")
    await penalty.done("decision", "p-fourth", meant("3600.00", warning=True))
    order = ending | {"outcome": "order", "penalty_id": penalty.id}
    await case.do("decisions", case.handler, order, expect=422)
    proposed = await case.do("decisions", case.handler, ending | {"penalty_id": penalty.id}, expect=201)
    assert proposed["penalty_id"] == penalty.id
    await penalty.done("annulment", "p-third", {"text": "程序违法"})
    await case.do("decisions/approval", case.approver, expect=409)
    await case.do("decisions/sending-back", case.approver, {"reason": "处罚已撤销"})
    again = await filed(
        complaints, uscc, origin="case", origin_id=case.case_id, violation="overtime", grounds=["overtime"]
    )
    await again.investigated(charges=[{"ground": "overtime", "persons": 12}])
    await again.notified("3600.00", warning=True)
    await again.done("waiver", "enterprise")
    await again.done("decision", "p-fourth", meant("3600.00", warning=True))
    await case.do("decisions", case.handler, ending | {"penalty_id": again.id}, expect=201)
    assert (await case.do("decisions/approval", case.approver))["state"] == "decided"


async def test_no_penalty_shows_who_reported_in_confidence(complaints: Harness) -> None:
    uscc = make_uscc("PN000000H")
    case = await case_of(complaints, uscc, "w-silent")
    number = (await case.read(case.handler))["number"]
    penalty = await filed(
        complaints, uscc, origin="case", origin_id=case.case_id, violation="overtime", grounds=["overtime"]
    )
    await penalty.investigated(charges=[{"ground": "overtime", "persons": 12}])
    telling = (number, "w-silent", "每天要求加班到夜里十一点不付加班费")
    for words in telling:
        body = meant("3600.00", warning=True) | {"by": "直接送达"}
        for part in ("text", "amount_reasons"):
            assert await penalty.do("notice", "p-first", body | {part: f"查明{words}"}) == (409, "would-tell-reporter")
    await penalty.notified("3600.00", warning=True)
    await penalty.done("waiver", "enterprise")
    for words in telling:
        told_ = meant("3600.00", warning=True, text=f"查明{words}")
        assert await penalty.do("decision", "p-fourth", told_) == (409, "would-tell-reporter")
        closing = {"how": "drop", "text": f"查明{words}"}
        assert await penalty.do("closing", "p-fourth", closing) == (409, "would-tell-reporter")
    await penalty.done("decision", "p-fourth", meant("3600.00", warning=True))
    await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
    for words in telling:
        assert (await penalty.do("publication", "p-third", {"text": f"查明{words}"}))[0] == 409
    await penalty.done("publication", "p-third", {"text": "违法延长工作时间"})
    shown = f"{await penalty.letter()}{(await complaints.http.get('/v1/public-penalties?limit=500')).text}"
    for secret in (*telling, case.case_id, "origin"):
        assert secret not in shown
    kinds = (PenaltyNotified, PenaltyDecided, PenaltyPublished)
    for fact in [fact for kind in kinds for fact in await complaints.told(kind)]:
        assert case.case_id not in str(fact)


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
    body = {"facts": "x", "charges": [{"ground": "overtime", "persons": 1}], "officers": ["p-first", "p-away"]}
    assert await penalty.do("conclusion", "p-first", body) == (422, "not-an-inspector")
    assert (await penalty.do("conclusion", "p-away", body))[0] == 403
    kept = await CaseRow.of(case.case_id)
    assert kept is not None
    kept.away = ["p-away", "p-third"]
    await transact(kept.put)
    assert (await penalty.do("closing", "p-third", {"how": "drop", "text": "事实不清"}))[0] == 403
    body["officers"] = ["p-first", "p-third"]
    assert await penalty.do("conclusion", "p-first", body) == (422, "not-an-inspector")


async def test_what_is_taken_back_names_nobody_either(complaints: Harness) -> None:
    uscc = make_uscc("PN000000L")
    case = await case_of(complaints, uscc, "w-taken-back", confidential=False)
    penalty = await filed(
        complaints, uscc, origin="case", origin_id=case.case_id, violation="overtime", grounds=["overtime"]
    )
    await penalty.investigated(charges=[{"ground": "overtime", "persons": 12}])
    await penalty.notified("3600.00", warning=True)
    await penalty.done("waiver", "enterprise")
    await penalty.done("decision", "p-fourth", meant("3600.00", warning=True))
    await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
    await penalty.done("publication", "p-third", {"text": "违法延长工作时间"})
    await penalty.done("contests", "p-first", {"kind": "review", "on": today()})
    naming = {"text": "查明w-taken-back未加班"}
    for ending in ({"fine": "1500.00"}, {"annulled": True}):
        assert await penalty.do("contest-end", "p-fourth", naming | {"on": today()} | ending) == (409, "confidential")
    assert await penalty.do("annulment", "p-third", naming) == (409, "confidential")
    await penalty.done("annulment", "p-third", {"text": "程序违法"})
    assert "w-taken-back" not in (await complaints.http.get("/v1/public-penalties?limit=500")).text


async def test_a_review_before_the_hearing_is_made_again(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN000000M"), violation="overtime", grounds=["overtime"])
    await penalty.investigated(charges=[{"ground": "overtime", "persons": 150}])
    assert await penalty.do("notice", "p-first", meant("60000.00") | {"by": "邮寄"}) == (422, "warning-missing")
    await penalty.notified("60000.00", warning=True)
    await penalty.done("review", "p-fourth", {"passed": True, "text": "程序合法"})
    for _ in range(20):
        await penalty.done("statement", "enterprise", {"text": "陈述"})
    assert await penalty.do("statement", "enterprise", {"text": "陈述"}) == (409, "statements-full")
    await penalty.done("hearing-request", "enterprise", {"text": "要求听证"})
    day = add_working_days(shanghai_date(clock.now()), 7).due
    await penalty.done("hearing-day", "p-third", {"on": str(day), "place": "三楼"})
    with time_machine.travel(later(days=(day - shanghai_date(clock.now())).days), tick=True):
        await penalty.done("hearing", "p-third", {"text": "听证笔录", "appeared": True})
        decision = meant("60000.00", warning=True)
        assert await penalty.do("decision", "p-fourth", decision) == (409, "not-reviewed")
        assert await penalty.do("decision", "p-third", decision) == (409, "same-officer")
        await on_register(district=HERE, subject="p-fifth")
        await penalty.done("review", "p-fifth", {"passed": True, "text": "程序合法"})
        assert await penalty.do("decision", "p-third", decision) == (409, "same-officer")
        await penalty.done("decision", "p-fourth", decision)


async def test_what_was_added_alone_is_reminded_of(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN000000N"))
    await penalty.served("10000.00")
    due = dt.date.fromisoformat((await penalty.letter())["debt"]["parts"][0]["on"])
    with time_machine.travel(later(days=(due - shanghai_date(clock.now())).days + 2), tick=True):
        for _ in range(2):  # the last day to pay is over, and what follows is done
            await complaints.settled()
        await penalty.done("payments", "p-first", {"amount": "10000.00", "on": today(), "receipt": "F-1"})
        assert (await penalty.letter())["debt"]["owed"] == "600.00"
        await penalty.done("reminder", "p-first", {"by": "邮寄"})
    [told_] = [one for one in await complaints.told(PenaltyReminded) if one.penalty_id == penalty.id]
    assert told_.pay_by == add_working_days(due + dt.timedelta(2), 10).due


async def test_a_suit_told_late_ends_a_fine_that_is_paid(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN000000P"))
    await penalty.served("10000.00")
    due = dt.date.fromisoformat((await penalty.letter())["debt"]["parts"][0]["on"])
    with time_machine.travel(later(days=(due - shanghai_date(clock.now())).days + 2), tick=True):
        for _ in range(2):  # the last day to pay is over, and what follows is done
            await complaints.settled()
        await penalty.done("payments", "p-first", {"amount": "10000.00", "on": today(), "receipt": "G-1"})
        await penalty.done("contests", "p-first", {"kind": "suit", "on": str(due)})
        assert penalty.shown["state"] == "fulfilled"
        assert (await penalty.letter())["debt"]["owed"] == "0.00"


async def enforcing(penalty: Course) -> list[tuple[str, dt.date]]:
    """The terms to apply to a court: how each stands, and from when it runs."""
    found = await find(Term, {"matter_kind": "penalty", "matter_id": penalty.id, "step": "enforce_penalty"})
    return [(one.state, one.begun_on) for one in sorted(found, key=lambda one: one.id)]


@pytest.mark.parametrize("before", [True, False])
async def test_the_court_waits_while_a_review_goes_on(complaints: Harness, before: bool) -> None:
    """Asked for before the last day to pay, or after it."""
    penalty = await filed(complaints, make_uscc("PN000000Q" if before else "PN000000R"))
    await penalty.served("10000.00")
    letter = await penalty.letter()
    due = dt.date.fromisoformat(letter["debt"]["parts"][0]["on"])
    review = {"kind": "review", "on": today()}
    if before:
        await penalty.done("contests", "p-first", review)
    late = later(days=(due - shanghai_date(clock.now())).days + 2)
    with time_machine.travel(late, tick=True):
        for _ in range(2):
            await complaints.settled()
        if not before:
            over = dt.date.fromisoformat(letter["decision"]["sue_by"])
            assert await enforcing(penalty) == [("running", over)]
            await penalty.done("contests", "p-first", review | {"on": today()})
    ended = [] if before else [("ended", over)]
    assert await enforcing(penalty) == ended
    with time_machine.travel(late + dt.timedelta(200), tick=True):
        await complaints.settled()
        assert await enforcing(penalty) == ended
        await penalty.done("contest-end", "p-fourth", {"on": today(), "text": "维持"})
        assert await enforcing(penalty) == [*ended, ("running", add_days(shanghai_date(clock.now()), 15).due)]


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


@pytest.mark.parametrize("seed", range(6))
async def test_no_order_of_steps_decides_unheard(complaints: Harness, seed: int) -> None:
    """Steps are tried at random, whoever takes them and whenever: what was decided was told, and could be answered."""
    rng = random.Random(seed)
    penalty = await filed(complaints, make_uscc(f"PR000000{seed}"))
    fines = ["2000.00", "5000.00", "20000.00"]
    steps: list[tuple[str, tuple[str, ...], object]] = [
        ("conclusion", ("p-first", "p-third"), {
            "facts": "查明", "charges": [{"ground": "obstruction"}], "officers": ["p-first", "p-second"],
            "grave": seed % 2 == 0,
        }),
        ("notice", ("p-first",), None),
        ("statement", ("enterprise",), {"text": "申辩"}),
        ("waiver", ("enterprise",), None),
        ("review", ("p-second", "p-third"), {"passed": rng.random() < 0.7, "text": "审核"}),
        ("decision", ("p-first", "p-third", "p-fourth"), None),
    ]  # fmt: skip
    now = clock.now()
    for _ in range(40):
        with time_machine.travel(now, tick=True):
            what, people, body = rng.choice(steps)
            if what in ("notice", "decision"):
                talk = {"on": today(), "people": ["甲", "乙"], "record": "讨论"}
                own = {"by": "直接送达"} if what == "notice" else {"discussion": talk}
                body = meant(rng.choice(fines), **own)
            await penalty.do(what, rng.choice(people), body)
        now += dt.timedelta(hours=rng.choice((0, 0, 30)))
    kept = await Penalty.of(penalty.id)
    assert kept is not None
    if kept.state in PUNISHED:
        assert kept.notice is not None
        assert kept.decided is not None
        assert kept.found is not None
        assert kept.waived_on is not None or kept.decided.on > kept.notice.speak_until
        assert kept.decided.fine <= kept.notice.fine
        assert kept.decided.by not in {"p-first", "p-second"}
        assert not kept.found.grave or (kept.review is not None and kept.review.passed)
        assert kept.decided.fine in {Decimal(one) for one in fines}
