from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest
import time_machine

from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.rules import PUNISHED
from shared import clock
from shared.contracts.complaints import PenaltyAnswered, PenaltyDecided, PenaltyHearingSet, PenaltyNotified, PenaltyPaid
from shared.policy.calendar import add_days, add_working_days, shanghai_date
from shared.storage.audit import AuditEntry
from shared.storage.client import collection_of
from shared.storage.records import find
from tests.harness import Harness, bearer
from tests.integration.at_rest import holding
from tests.integration.complaints.penalties.cases import case_of
from tests.integration.complaints.penalties.course import (
    HERE,
    LETTER,
    PNG,
    file,
    filed,
    later,
    meant,
    officer,
    today,
    told,
)
from tests.integration.complaints.staff import on_register
from tests.unit.identity.numbers import make_uscc


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
    [seen] = [one for one in listed.json()["items"] if one["party"] == "enterprise"]
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
        await penalty.done("hearing", "p-third", {"text": "听证笔录", "appeared": True, "signed": True})
        assert (await penalty.letter())["hearing"]["signed"]
        await penalty.done("statement", "enterprise", {"text": "听证后补充意见"})
        talk = {"on": today(), "people": ["局长", "副局长"], "record": "一致同意"}
        assert await penalty.do("decision", "p-fourth", meant("60000.00")) == (409, "not-reviewed")
        await penalty.done("review", "p-third", {"passed": True, "text": "程序合法"})
        assert await penalty.do("decision", "p-fourth", meant("60000.00")) == (409, "not-discussed")
        assert await penalty.do("decision", "p-fourth", meant("60000.01", discussion=talk)) == (422, "harsher")
        for same in ("p-first", "p-second", "p-third"):
            assert await penalty.do("decision", same, meant("50000.00", discussion=talk)) == (409, "same-officer")
        decision = meant("50000.00", warning=True, discussion=talk)
        assert await penalty.do("decision", "p-fourth", decision) == (409, "not-answered")
        await penalty.done("decision", "p-fourth", decision | {"answer": "补发属实，予以采纳，从轻处罚"})
        assert (await penalty.letter())["decision"] is None
        assert (await penalty.letter())["state"] == "notified"
        await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
        letter = await penalty.letter()
        assert (letter["decision"]["fine"], letter["debt"]["owed"]) == ("50000.00", "50000.00")
        assert letter["decision"]["answer"] == "补发属实，予以采纳，从轻处罚"
        paid = {"amount": "20000.00", "on": today(), "receipt": "R-1"}
        await penalty.done("payments", "p-first", paid)
        assert await penalty.do("payments", "p-first", paid | {"amount": "1.00"}) == (409, "receipt-known")
        await penalty.done("payments", "p-first", paid | {"amount": "30000.00", "receipt": "R-2"})
        assert penalty.shown["state"] == "fulfilled"
    kinds = (PenaltyNotified, PenaltyAnswered, PenaltyHearingSet, PenaltyDecided, PenaltyPaid)
    assert await told(complaints, penalty, *kinds) == [
        "PenaltyNotified", "PenaltyAnswered", "PenaltyAnswered", "PenaltyAnswered", "PenaltyHearingSet", "PenaltyDecided",
        "PenaltyPaid", "PenaltyPaid",
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
        decision = meant("8000.00", answer="经复核，证据确凿，不予采纳")
        assert await penalty.do("decision", "p-fourth", decision | {"order": None}) == (409, "not-ordered")
        await penalty.done("decision", "p-fourth", decision)
        assert penalty.shown["decision"]["order"] == "立即改正"


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
        decision = meant("60000.00", warning=True, answer="经复核，不予采纳")
        assert await penalty.do("decision", "p-fourth", decision) == (409, "not-reviewed")
        assert await penalty.do("decision", "p-third", decision) == (409, "same-officer")
        await on_register(district=HERE, subject="p-fifth")
        await penalty.done("review", "p-fifth", {"passed": True, "text": "程序合法"})
        assert await penalty.do("decision", "p-third", decision) == (409, "same-officer")
        await penalty.done("decision", "p-fourth", decision)


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
    again = await filed(complaints, uscc, began_on="2026-02-02", ended_on="2026-02-02")
    await again.investigated()
    assert await again.do("closing", "p-fourth", leave) == (409, "not-first")
    await again.notified()
    await again.done("waiver", "enterprise")
    await again.done("decision", "p-fourth", meant("8000.00"))
    third = await filed(complaints, uscc, began_on="2026-03-02", ended_on="2026-03-02")
    await third.investigated()
    assert await third.do("closing", "p-fourth", leave) == (409, "not-first")


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
    await penalty.notified("3600.00", warning=True, silent=True)
    await penalty.done("waiver", "enterprise")
    await penalty.done("decision", "p-fourth", meant("3600.00", warning=True))
    stored, about = collection_of(Penalty), {"_id": penalty.id}
    await stored.update_one(about, {"$set": {"enterprise": make_uscc("PN000000Y")}})  # a visit led to somebody else
    await case.do("decisions", case.handler, ending | {"penalty_id": penalty.id}, expect=409)
    await stored.update_one(about, {"$set": {"enterprise": uscc}})
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
    await again.notified("3600.00", warning=True, silent=True)
    await again.done("waiver", "enterprise")
    await again.done("decision", "p-fourth", meant("3600.00", warning=True))
    await case.do("decisions", case.handler, ending | {"penalty_id": again.id}, expect=201)
    assert (await case.do("decisions/approval", case.approver))["state"] == "decided"


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


@pytest.mark.parametrize("seed", range(6))
async def test_no_order_of_steps_decides_unheard(complaints: Harness, seed: int) -> None:
    """Steps are tried at random, whoever takes them and whenever: what was decided was told, and could be answered."""
    rng = random.Random(seed)
    penalty = await filed(complaints, make_uscc(f"PR000000{seed}"))
    evidence = [await penalty.filed_evidence()]
    fines = ["2000.00", "5000.00", "20000.00"]
    steps: list[tuple[str, tuple[str, ...], object]] = [
        ("conclusion", ("p-first", "p-third"), {
            "facts": "查明", "charges": [{"ground": "obstruction"}], "officers": ["p-first", "p-second"],
            "grave": seed % 2 == 0, "evidence": evidence,
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
                own = {"by": "直接送达"} if what == "notice" else {"discussion": talk, "answer": "复核"}
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


async def test_a_decision_letter_is_whole_before_it_is_signed(complaints: Harness) -> None:
    """Whatever it lacks is named at once (行政处罚法 art. 59); the enterprise reads it once it is served."""
    penalty = await filed(complaints, make_uscc("PN00000LT"))
    await penalty.investigated()
    await penalty.notified()
    await penalty.done("waiver", "enterprise")
    for lacking in ({"address": None}, {"court": None, "pay_to": None}):
        body = meant("8000.00") | {"letter": LETTER | lacking}
        assert await penalty.do("decision", "p-fourth", body) == (422, "letter-incomplete")
    assert (await penalty.letter())["state"] == "notified"
    await penalty.done("decision", "p-fourth", meant("8000.00"))
    assert (await penalty.letter())["decision"] is None
    await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
    said = (await penalty.letter())["decision"]["letter"]
    assert said == {name: text for name, text in LETTER.items() if name != "speak_to"}
    assert await holding("广汉市测试路1号") == []
