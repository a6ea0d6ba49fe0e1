"""From the report of an accident to the decision, as those concerned take its steps over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.insurance.claims.documents import Claim
from shared import clock
from shared.contracts.insurance import (
    ClaimAccepted,
    ClaimApplied,
    ClaimClosed,
    ClaimDeadlineMissed,
    ClaimDeadlineNear,
    ClaimDecided,
    ClaimFiled,
    ClaimRefused,
    ClaimResumed,
    ClaimSupplementAsked,
    ClaimSuspended,
)
from shared.contracts.platform import platform_source
from shared.policy import calendar
from shared.storage.client import collection_of, storage
from shared.storage.transaction import transact
from tests.harness import Harness, bearer
from tests.integration.at_rest import holding
from tests.integration.insurance.claim_steps import (
    PAPERS,
    accepted,
    accident,
    act,
    as_platform,
    as_worker,
    engage,
    make_due,
    recognised,
    step,
    timers_of,
)
from tests.integration.insurance.facts import incident, new_platform


@pytest.fixture
def platform() -> str:
    return new_platform()


def today() -> dt.date:
    return calendar.shanghai_date(clock.now())


async def test_from_application_to_recognition(insurance: Harness, platform: str) -> None:
    claim_id = await accident(insurance, platform)
    applied = await act(insurance, claim_id, "applications", as_platform(platform), {"papers": PAPERS})
    review_by = str(calendar.add_working_days(today(), 5).due)
    assert (applied["state"], applied["due"], applied["missing_papers"]) == ("applied", {"review": review_by}, [])
    taken_up = await act(insurance, claim_id, "acceptance", insurance.officer, {})
    decide_by = str(calendar.add_working_days(today(), 30).due)
    assert (taken_up["state"], taken_up["due"]) == ("accepted", {"decide": decide_by})
    assert await timers_of(claim_id) == {"decide": decide_by}
    await act(insurance, claim_id, "investigation", insurance.officer)
    body = {"recognised": True, "reasons": ["order_accident"], "text": "送餐途中侧翻，电话13800000001。"}
    decided = await act(insurance, claim_id, "decisions", insurance.officer, body)
    assert (decided["state"], decided["recognised"]) == ("recognised", True)
    [decision] = decided["decisions"]
    assert (decision["review_by"], decision["court_by"], decided["due"]) == (None, None, {})
    assert "oip.recognised_cases" in {used["key"] for used in decision["used"]}
    assert [fact.applicant for fact in await insurance.told(ClaimApplied) if fact.claim_id == claim_id] == ["platform"]
    assert [fact.decide_by for fact in await insurance.told(ClaimAccepted) if fact.claim_id == claim_id] == [
        dt.date.fromisoformat(decide_by)
    ]
    [told] = [fact for fact in await insurance.told(ClaimDecided) if fact.claim_id == claim_id]
    assert (told.recognised, told.reasons) == (True, ("order_accident",))
    path = f"/v1/claims/{claim_id}/decisions/{decision['number']}"
    shown = (await insurance.http.get(path, headers=as_worker(platform))).json()
    assert (shown["title"], shown["text"]) == ("职业伤害确认结论书", "送餐途中侧翻，电话138****0001。")
    steps = (await insurance.http.get(f"/v1/claims/{claim_id}/history", headers=as_worker(platform))).json()
    assert [one["event"] for one in steps] == ["reported", "apply", "accept", "investigate", "recognise"]
    assert [one["by"] for one in steps] == [None] * 5


async def test_missing_papers_are_asked_for_once(insurance: Harness, platform: str) -> None:
    """The clock stands still until they have come."""
    claim_id = await accident(insurance, platform)
    body = {"kinds": ["traffic"], "papers": ["diagnosis", "informed_consent"]}
    applied = await act(insurance, claim_id, "applications", as_worker(platform), body)
    missing = ["disability_application_form", "invoice", "responsibility_document"]
    assert applied["missing_papers"] == missing
    refused = await act(insurance, claim_id, "acceptance", insurance.officer, {}, expect=422)
    assert (refused["type"], refused["about"]) == ("/problems/papers-missing", missing)
    asked = await act(insurance, claim_id, "supplements", insurance.officer, {})
    assert (asked["state"], list(asked["due"])) == ("supplement", ["supplement"])
    [told] = [fact for fact in await insurance.told(ClaimSupplementAsked) if fact.claim_id == claim_id]
    assert list(told.papers) == missing
    part = await act(insurance, claim_id, "papers", as_worker(platform), {"papers": missing[:2]})
    assert part["state"] == "supplement"
    await (
        storage()
        .collection("claims")
        .update_one(
            {"_id": claim_id},
            {"$set": {"clock.stills.0.first": dt.datetime.combine(today() - dt.timedelta(14), dt.time())}},
        )
    )
    whole = await act(insurance, claim_id, "papers", as_worker(platform), {"papers": missing[2:]})
    assert (whole["state"], whole["missing_papers"]) == ("applied", [])
    still = calendar.Pause(today() - dt.timedelta(14), today())
    waited = calendar.due_with_pauses(today(), workdays=5, pauses=[still])
    assert waited is not None
    assert whole["due"] == {"review": str(waited.due)}
    again = await act(insurance, claim_id, "supplements", insurance.officer, {"further": ["kinship_proof"]}, expect=422)
    assert again["type"] == "/problems/asked-before"


async def test_a_decision_that_waits_for_others_has_no_last_day(insurance: Harness, platform: str) -> None:
    """It waits until the other authority has concluded."""
    claim_id = await accepted(insurance, platform)
    waiting = await act(insurance, claim_id, "suspension", insurance.officer, {"waits_for": "交管部门事故认定"})
    assert (waiting["state"], waiting["due"], await timers_of(claim_id)) == ("suspended", {}, {})
    steps = await insurance.http.get(f"/v1/claims/{claim_id}/history", headers=as_worker(platform))
    assert steps.json()[-1]["note"] == "交管部门事故认定"
    assert await holding("交管部门事故认定") == []
    early = await act(
        insurance, claim_id, "decisions", insurance.officer,
        {"recognised": True, "reasons": ["order_accident"], "text": "无"}, expect=409,
    )  # fmt: skip
    assert early["state"] == "suspended"
    goes_on = await act(insurance, claim_id, "resumption", insurance.officer)
    assert goes_on["state"] == "investigating"
    assert list(goes_on["due"]) == ["decide"]
    told = [type(fact) for kind in (ClaimSuspended, ClaimResumed) for fact in await insurance.told(kind)]
    assert told == [ClaimSuspended, ClaimResumed]


async def test_a_refused_claim_says_what_can_be_done_instead(insurance: Harness, platform: str) -> None:
    """A claim outside the cover is refused only once no order can be found any more."""
    await engage(insurance, platform)
    await insurance.publish(incident("i1", "2026-11-02 12:10"), source=platform_source(platform))
    await insurance.settled()
    [filed] = [fact for fact in await insurance.told(ClaimFiled) if fact.platform == platform]
    body: dict[str, Any] = {"reasons": ["not_covered"], "text": "事故时无订单。"}
    early = await act(insurance, filed.claim_id, "refusal", insurance.officer, body, expect=422)
    assert early["type"] == "/problems/covered"
    await make_due("insurance.claim_last_check", filed.claim_id)
    await insurance.settled()
    shown = (await insurance.http.get(f"/v1/claims/{filed.claim_id}", headers=as_worker(platform))).json()
    assert "work_injury" in [way["code"] for way in shown["instead"]]
    refused = await act(insurance, filed.claim_id, "refusal", insurance.officer, body)
    assert refused["state"] == "refused"
    assert {way["code"] for way in refused["instead"]} >= {"commercial_policy", "civil_claim", "medical_insurance"}
    assert all(way["zh"] and way["en"] for way in refused["instead"])
    [told] = [fact for fact in await insurance.told(ClaimRefused) if fact.claim_id == filed.claim_id]
    assert (told.reasons, "complaint" in told.instead) == (("not_covered",), True)


async def test_a_labour_relation_goes_by_work_injury_insurance(insurance: Harness, platform: str) -> None:
    """The terms and grounds are those of work injury insurance as well."""
    claim_id = await accident(insurance, platform, relation="employment")
    await act(
        insurance, claim_id, "applications", as_worker(platform),
        {"papers": ["recognition_application_form", "labour_relation_proof", "diagnosis"]},
    )  # fmt: skip
    taken_up = await act(insurance, claim_id, "acceptance", insurance.officer, {"simple": True})
    assert taken_up["scheme"] == "work_injury"
    assert taken_up["due"] == {"decide": str(calendar.add_days(today(), 15).due)}
    wrong = {"recognised": True, "reasons": ["order_accident"], "text": "无"}
    told = await act(insurance, claim_id, "decisions", insurance.officer, wrong, expect=422)
    assert told["about"] == ["order_accident"]
    late_death = {"recognised": True, "reasons": ["sudden_death"], "text": "无", "fatal": True, "hours_to_death": 49}
    told = await act(insurance, claim_id, "decisions", insurance.officer, late_death, expect=422)
    assert told["type"] == "/problems/too-late-a-death"
    survived = late_death | {"fatal": False, "hours_to_death": 1}
    told = await act(insurance, claim_id, "decisions", insurance.officer, survived, expect=422)
    assert told["type"] == "/problems/not-a-death"
    right = {"recognised": False, "reasons": ["drunk_or_drugged"], "text": "醉酒。"}
    decided = await act(insurance, claim_id, "decisions", insurance.officer, right)
    assert (decided["state"], decided["recognised"]) == ("not_recognised", False)


async def test_a_late_application_needs_a_reason_and_a_ground(insurance: Harness, platform: str) -> None:
    """The reason is the applicant's, the ground the officer's."""
    claim_id = await accident(insurance, platform, hours_ago=24 * 50)
    late = await act(insurance, claim_id, "applications", as_platform(platform), {"papers": PAPERS}, expect=422)
    assert late["type"] == "/problems/late-reason-missing"
    body = {"papers": [*PAPERS, "late_explanation"], "late_reason": "住院期间无法联系"}
    applied = await act(insurance, claim_id, "applications", as_platform(platform), body)
    assert (applied["late"], applied["late_reason"]) == (True, None)
    without = await act(insurance, claim_id, "acceptance", insurance.officer, {}, expect=422)
    assert without["type"] == "/problems/late-ground-missing"
    taken_up = await act(insurance, claim_id, "acceptance", insurance.officer, {"late_ground": "理由正当"})
    assert (taken_up["state"], taken_up["late_reason"]) == ("accepted", "住院期间无法联系")


async def test_a_platform_that_does_not_apply_is_reminded(insurance: Harness, platform: str) -> None:
    """After the platform's last day the worker has a term of their own."""
    claim_id = await accident(insurance, platform)
    claim = await Claim.of(claim_id)
    assert claim is not None
    assert claim.due == {"apply": claim.platform_apply_by}
    await make_due("insurance.claim_near", f"{claim_id}:apply")
    await insurance.settled()
    [near] = [fact for fact in await insurance.told(ClaimDeadlineNear) if fact.claim_id == claim_id]
    assert (near.step, near.due_on) == ("apply", claim.platform_apply_by)
    await make_due("insurance.claim_missed", f"{claim_id}:apply")
    await insurance.settled()
    [missed] = [fact for fact in await insurance.told(ClaimDeadlineMissed) if fact.claim_id == claim_id]
    assert missed.due_on == claim.platform_apply_by
    assert claim.self_apply_by is not None
    assert await timers_of(claim_id) == {"apply": str(claim.self_apply_by)}
    await act(insurance, claim_id, "applications", as_worker(platform), {"papers": PAPERS})
    assert list(await timers_of(claim_id)) == ["review"]


async def test_a_report_for_which_nobody_applied_is_put_away(insurance: Harness, platform: str) -> None:
    """A late application takes it up again."""
    claim_id = await accident(insurance, platform)
    early = await act(insurance, claim_id, "lapse", insurance.officer, expect=422)
    assert early["type"] == "/problems/still-in-time"
    claim = await Claim.of(claim_id)
    assert claim is not None
    claim.self_apply_by = today() - dt.timedelta(1)
    await transact(claim.put)
    assert (await step(insurance, claim_id, "lapse", as_platform(platform))).status_code == 403
    assert (await act(insurance, claim_id, "lapse", insurance.officer))["state"] == "lapsed"
    assert await timers_of(claim_id) == {}
    [closed] = [fact for fact in await insurance.told(ClaimClosed) if fact.claim_id == claim_id]
    assert closed.reason == "lapsed"
    body = {"papers": [*PAPERS, "late_explanation"], "late_reason": "住院期间无法联系"}
    applied = await act(insurance, claim_id, "applications", as_worker(platform), body)
    assert (applied["state"], applied["late"]) == ("applied", True)


async def test_a_deadline_that_has_been_moved_is_not_missed(insurance: Harness, platform: str) -> None:
    claim_id = await accepted(insurance, platform)
    timers = storage().collection("timers")
    row = await timers.find_one({"_id": f"insurance.claim_missed:{claim_id}:decide"})
    assert row is not None
    earlier = str(dt.date.fromisoformat(row["data"]["due_on"]) - dt.timedelta(1))
    await timers.update_one({"_id": row["_id"]}, {"$set": {"data.due_on": earlier, "due_at": clock.now()}})
    await insurance.settled()
    assert claim_id not in [fact.claim_id for fact in await insurance.told(ClaimDeadlineMissed)]


async def test_who_may_take_which_step(insurance: Harness, platform: str) -> None:
    claim_id = await accident(insurance, platform)
    other_department = bearer("officer", department="transport", district="510600")
    for who in (as_worker(platform), as_platform(platform), other_department):
        assert (await step(insurance, claim_id, "acceptance", who, json={})).status_code == 403
    for who in (bearer("worker", worker_id="somebody"), bearer("officer", department="hrss", district="510681")):
        assert (await step(insurance, claim_id, "withdrawal", who)).status_code == 404
    answer = await step(insurance, claim_id, "withdrawal", as_platform(platform))
    assert answer.json()["type"] == "/problems/not-yours"
    shown = (await insurance.http.get(f"/v1/claims/{claim_id}", headers=other_department)).json()
    assert shown["description"] is None
    await act(insurance, claim_id, "applications", as_worker(platform), {})
    assert (await act(insurance, claim_id, "withdrawal", as_worker(platform)))["state"] == "withdrawn"
    assert [fact.reason for fact in await insurance.told(ClaimClosed) if fact.claim_id == claim_id] == ["withdrawn"]
    assert await timers_of(claim_id) == {}


async def test_a_step_from_an_older_revision_is_refused(insurance: Harness, platform: str) -> None:
    claim_id = await accident(insurance, platform)
    headers = {**insurance.officer, "If-Match": '"0"'}
    answer = await insurance.http.post(f"/v1/claims/{claim_id}/applications", headers=headers, json={})
    assert answer.status_code == 412


async def test_reasons_lie_in_clear_nowhere(insurance: Harness, platform: str) -> None:
    """Neither in the database nor in an event."""
    claim_id = await recognised(insurance, platform)
    stored = await collection_of(Claim).find({"_id": claim_id}).to_list(None)
    outbox = await storage().collection("outbox").find().to_list(None)
    assert "侧翻" not in repr(stored)
    assert "侧翻".encode() not in b"".join(bytes(row["data"]) for row in outbox)
