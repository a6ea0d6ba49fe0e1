from __future__ import annotations

from typing import Any

from services.complaints.penalties.documents import Penalty
from services.complaints.terms.documents import Term
from shared import clock
from shared.contracts.complaints import RecusalAsked, RecusalDecided
from shared.ids import new_id
from shared.policy.calendar import add_working_days, shanghai_date
from shared.storage.audit import AuditEntry
from shared.storage.records import find
from tests.harness import Harness, bearer
from tests.integration.complaints.penalties.course import HERE, Course, filed, meant, officer
from tests.integration.complaints.staff import on_register
from tests.unit.identity.numbers import make_uscc

REASON = "承办人与本单位负责人有经济往来。"


async def ask(penalty: Course, *, who: dict[str, str] | None = None, expect: int = 201, **body: Any) -> dict[str, Any]:
    headers = {**(who or penalty.enterprise), "Idempotency-Key": new_id()}
    path = f"/v1/penalties/{penalty.id}/recusal-requests"
    answer = await penalty.complaints.http.post(path, json={"reason": REASON, **body}, headers=headers)
    assert answer.status_code == expect, answer.text
    return dict(answer.json())


async def decide(penalty: Course, request_id: str, by: str, *, agrees: bool, expect: int = 200) -> dict[str, Any]:
    body = {"agrees": agrees, "reason": "经查属实" if agrees else "经查无利害关系"}
    path = f"/v1/penalties/{penalty.id}/recusal-requests/{request_id}/decision"
    answer = await penalty.complaints.http.post(path, json=body, headers=officer(by))
    assert answer.status_code == expect, answer.text
    return dict(answer.json())


async def read(penalty: Course, who: dict[str, str]) -> list[dict[str, Any]]:
    path = f"/v1/penalties/{penalty.id}/recusal-requests"
    answer = await penalty.complaints.http.get(path, headers=who)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_an_enterprise_has_an_officer_kept_out(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PC0000001"))
    await penalty.investigated()
    await ask(penalty, expect=404)
    await penalty.notified()
    await penalty.done("waiver", "enterprise")
    other = bearer("platform", uscc=make_uscc("PC0000002"))
    await ask(penalty, who=other, expect=404)
    asked = await ask(penalty)
    assert (asked["state"], asked["officer"]) == ("asked", None)
    await ask(penalty, expect=409)
    assert await penalty.do("decision", "p-fourth", meant("8000.00")) == (409, "recusal-waits")
    closing = {"how": "drop", "text": "事实不清"}
    assert await penalty.do("closing", "p-first", closing) == (409, "stands-back")
    await penalty.done("extension-request", "p-first", {"days": 5, "text": "继续调查"})  # 行政处罚法 art. 43
    await decide(penalty, asked["request_id"], "p-first", agrees=False, expect=403)
    handler = await on_register(district=HERE, subject="p-handler", duties=["handler"])
    assert handler
    await decide(penalty, asked["request_id"], "p-handler", agrees=True, expect=403)
    await decide(penalty, asked["request_id"], "p-third", agrees=True)
    [own] = await read(penalty, penalty.enterprise)
    assert (own["state"], own["answer"], own["officer"], own["decided_by"]) == ("agreed", "经查属实", None, None)
    [full] = await read(penalty, officer("p-third"))
    assert (full["officer"], full["decided_by"]) == ("p-first", "p-third")
    assert (await penalty.do("extension-request", "p-first", {"days": 5, "text": "调查"}))[0] == 403
    await penalty.done("decision", "p-fourth", meant("8000.00"))
    assert [
        one.matter_kind for one in await complaints.told(RecusalAsked) if one.number == penalty.shown["number"]
    ] == ["penalty"]
    told = [one for one in await complaints.told(RecusalDecided) if one.request_id == asked["request_id"]]
    assert [(one.uscc, one.worker_id, one.outcome) for one in told] == [(penalty.uscc, None, "agreed")]


async def test_an_officer_who_may_stay_goes_on(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PC0000003"))
    await penalty.investigated()
    await penalty.notified()
    await ask(penalty, certificate="510600-9999", expect=404)
    asked = await ask(penalty, certificate="510600-0001")
    await decide(penalty, asked["request_id"], "p-third", agrees=False)
    await penalty.done("waiver", "enterprise")
    await penalty.done("decision", "p-fourth", meant("8000.00"))
    await penalty.done("service", "p-first", {"on": str(shanghai_date(clock.now())), "by": "直接送达"})


async def test_who_holds_a_hearing_may_be_asked_to_stay_away(complaints: Harness) -> None:
    await on_register(district=HERE, subject="p-chair")
    penalty = await filed(complaints, make_uscc("PC0000004"))
    await penalty.investigated()
    await penalty.notified(hearing=True)
    await penalty.done("hearing-request", "enterprise", {"text": "要求听证"})
    day = {"on": str(add_working_days(shanghai_date(clock.now()), 7).due), "place": "三楼"}
    await penalty.done("hearing-day", "p-chair", day)
    asked = await ask(penalty, chair=True)
    assert await penalty.do("hearing-day", "p-chair", day) == (409, "stands-back")
    await decide(penalty, asked["request_id"], "p-third", agrees=True)
    assert (await penalty.do("hearing-day", "p-chair", day))[0] == 403
    await penalty.done("hearing-day", "p-third", day | {"closed_for": "trade_secret"})
    assert (await penalty.letter())["hearing"]["closed"] == "trade_secret"


async def test_nobody_stays_away_from_what_is_over(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PC0000005"))
    await penalty.investigated()
    await penalty.notified()
    await penalty.done("closing", "p-fourth", {"how": "drop", "text": "事实不清"})
    await ask(penalty, expect=409)
    kept = await Penalty.of(penalty.id)
    assert kept is not None
    assert kept.standing_back == []


async def test_an_officer_with_an_interest_stays_away(complaints: Harness) -> None:
    await on_register(district=HERE, subject="p-near", duties=["approver"])
    penalty = await filed(complaints, make_uscc("PC0000006"))
    await penalty.done("recusal", "p-near", {"text": "与该单位法定代表人系同学"})
    assert (await penalty.do("closing", "p-near", {"how": "drop", "text": "事实不清"}))[0] == 403
    await penalty.done("recusal", "p-first", {"text": "近亲属在该单位任职"})
    body = {
        "facts": "查明",
        "charges": [{"ground": "obstruction"}],
        "officers": ["p-second", "p-first"],
        "evidence": [],
    }
    assert (await penalty.do("conclusion", "p-first", body))[0] == 403
    [term] = await find(Term, {"matter_kind": "penalty", "matter_id": penalty.id})
    assert term.officer is None
    [audited] = await find(AuditEntry, {"about": penalty.id, "by": "p-near"})
    assert (audited.action, audited.clear_detail) == ("penalty.recused", "与该单位法定代表人系同学")
