"""What comes after a decision: assessments, appeals, the end."""

from __future__ import annotations

import datetime as dt

import pytest

from services.insurance.claims.documents import Claim
from shared import clock
from shared.contracts.insurance import ClaimAppealDecided, ClaimAppealed, ClaimAssessed, ClaimClosed
from shared.policy import calendar, contesting
from shared.policy.parameters import parameters
from shared.storage.client import storage
from tests.harness import Harness
from tests.integration.insurance.claim_steps import (
    PAPERS,
    accepted,
    accident,
    act,
    as_platform,
    as_worker,
    recognised,
    serve,
    timers_of,
)
from tests.integration.insurance.facts import new_platform

RESULT = {"grade": 7, "nursing": "partial", "experts": 5}


@pytest.fixture
def platform() -> str:
    return new_platform()


def today() -> dt.date:
    return calendar.shanghai_date(clock.now())


async def at_day(claim_id: str, field: str, day: dt.date) -> None:
    """Let a day of a claim be another one."""
    stored = {"$set": {field: dt.datetime.combine(day, dt.time())}}
    assert (await storage().collection("claims").update_one({"_id": claim_id}, stored)).matched_count == 1


async def test_an_assessment_is_followed_by_another_by_the_province(insurance: Harness, platform: str) -> None:
    """Each has its terms, and the second one is final."""
    claim_id = await recognised(insurance, platform)
    asked = await act(insurance, claim_id, "assessment-requests", as_worker(platform), {"kind": "first"})
    assert asked["due"]["assess"] == str(calendar.add_days(today(), 60).due)
    longer = await act(insurance, claim_id, "assessment-extensions", insurance.officer)
    assert longer["due"]["assess"] == str(calendar.add_days(today(), 90).due)
    twice = await act(insurance, claim_id, "assessment-extensions", insurance.officer, expect=422)
    assert twice["type"] == "/problems/extended-before"
    four = await act(insurance, claim_id, "assessments", insurance.officer, RESULT | {"experts": 4}, expect=422)
    assert four["type"] == "/problems/experts"
    done = await act(insurance, claim_id, "assessments", insurance.officer, RESULT)
    assert done["state"] == "assessed"
    assert (done["assessments"][0]["grade"], done["assessments"][0]["again_by"]) == (7, None)
    claim = await Claim.of(claim_id)
    assert claim is not None
    assert (claim.grade, claim.nursing) == (7, "partial")
    [told] = [fact for fact in await insurance.told(ClaimAssessed) if fact.claim_id == claim_id]
    assert told.again_by is None
    shown = (await insurance.http.get(f"/v1/claims/{claim_id}", headers=as_platform(platform))).json()
    assert shown["assessments"][0]["grade"] is None
    early = await act(insurance, claim_id, "assessment-requests", as_worker(platform), {"kind": "review"}, expect=422)
    assert early["type"] == "/problems/review-too-early"
    await act(insurance, claim_id, "assessment-requests", as_worker(platform), {"kind": "again"})
    last = await act(insurance, claim_id, "assessments", insurance.officer, RESULT | {"grade": 6})
    assert last["assessments"][1]["again_by"] is None
    final = await act(insurance, claim_id, "assessment-requests", as_worker(platform), {"kind": "again"}, expect=422)
    assert final["type"] == "/problems/final"


async def test_a_closed_claims_assessment_is_reviewed_a_year_later(insurance: Harness, platform: str) -> None:
    claim_id = await recognised(insurance, platform)
    await act(insurance, claim_id, "assessment-requests", as_worker(platform), {"kind": "first"})
    await act(insurance, claim_id, "assessments", insurance.officer, RESULT)
    closed = await act(insurance, claim_id, "closing", insurance.officer)
    assert (closed["state"], closed["due"]) == ("closed", {})
    assert [fact.reason for fact in await insurance.told(ClaimClosed) if fact.claim_id == claim_id] == ["done"]
    long_ago = dt.datetime.combine(today() - dt.timedelta(days=370), dt.time())
    await (
        storage().collection("claims").update_one({"_id": claim_id}, {"$set": {"assessments.0.concluded_on": long_ago}})
    )
    late = await act(insurance, claim_id, "assessment-requests", as_worker(platform), {"kind": "review"})
    assert late["state"] == "assessing"


async def test_an_annulled_decision_is_taken_anew(insurance: Harness, platform: str) -> None:
    claim_id = await accepted(insurance, platform)
    body = {"recognised": False, "reasons": ["not_within_the_law"], "text": "与订单无关。"}
    denied = await act(insurance, claim_id, "decisions", insurance.officer, body)
    assert "work_injury" in [way["code"] for way in denied["instead"]]
    assert await timers_of(claim_id) == {}
    await serve(insurance, claim_id, "worker")
    assert list(await timers_of(claim_id)) == ["appeal"]
    await act(insurance, claim_id, "assessment-requests", as_worker(platform), {"kind": "first"}, expect=409)
    filed = await act(insurance, claim_id, "appeals", as_worker(platform), {"way": "review"})
    assert (filed["state"], filed["appeals"][0]["outcome"]) == ("not_recognised", None)
    await act(insurance, claim_id, "appeals", as_worker(platform), {"way": "court"}, expect=409)
    ended = {"outcome": "revoked", "ended_on": str(today())}
    anew = await act(insurance, claim_id, "appeal-outcomes", insurance.officer, ended)
    assert (anew["state"], anew["recognised"], list(anew["due"])) == ("investigating", None, ["decide"])
    yes = {"recognised": True, "reasons": ["order_accident"], "text": "复议后重新认定。"}
    decided = await act(insurance, claim_id, "decisions", insurance.officer, yes)
    assert [one["outcome"] for one in decided["decisions"]] == ["not_recognised", "recognised"]
    assert [fact.way for fact in await insurance.told(ClaimAppealed) if fact.claim_id == claim_id] == ["review"]
    assert [fact.outcome for fact in await insurance.told(ClaimAppealDecided) if fact.claim_id == claim_id] == [
        "revoked"
    ]


async def test_a_review_that_upholds_leaves_fifteen_days_for_court(insurance: Harness, platform: str) -> None:
    claim_id = await recognised(insurance, platform)
    await act(insurance, claim_id, "appeals", as_platform(platform), {"way": "review"})
    upheld = await act(
        insurance, claim_id, "appeal-outcomes", insurance.officer, {"outcome": "upheld", "ended_on": str(today())}
    )
    assert (upheld["state"], upheld["due"]) == ("recognised", {})
    received = await serve(insurance, claim_id, "platform", "review")
    assert received["due"] == {"appeal": str(calendar.add_days(today(), 15).due)}
    await at_day(claim_id, "appeals.0.served.0.court_by", today() - dt.timedelta(days=1))
    again = await act(insurance, claim_id, "appeals", as_platform(platform), {"way": "review"}, expect=422)
    assert again["type"] == "/problems/decided-before"
    late = await act(insurance, claim_id, "appeals", as_platform(platform), {"way": "court"}, expect=422)
    assert late["type"] == "/problems/appeal-late"
    recorded = await act(insurance, claim_id, "appeals", insurance.officer, {"way": "court", "party": "platform"})
    assert recorded["appeals"][-1]["late"] is True


async def test_a_review_that_is_not_decided_is_left_for_the_court(insurance: Harness, platform: str) -> None:
    """行政诉讼法 art. 45: from the end of its term on, within fifteen days; nobody is late while it may have been prolonged."""
    claim_id = await recognised(insurance, platform)
    await at_day(claim_id, "decisions.0.decided_on", today() - dt.timedelta(days=400))
    filed = await act(insurance, claim_id, "appeals", as_platform(platform), {"way": "review"})
    [review] = filed["appeals"]
    law = parameters.on(today())
    over_on = contesting.review_decided_by(today(), law)
    assert (review["decide_by"], review["sue_by"]) == (
        str(over_on),
        str(contesting.sue_after_review(over_on, law)),
    )
    assert filed["due"] == {"appeal": review["sue_by"]}
    early = await act(insurance, claim_id, "appeals", as_platform(platform), {"way": "court"}, expect=409)
    assert early["type"] == "/problems/claim-state"
    await at_day(claim_id, "appeals.0.filed_on", today() - dt.timedelta(days=300))
    late = await act(insurance, claim_id, "appeals", as_platform(platform), {"way": "court"}, expect=422)
    assert late["type"] == "/problems/appeal-late"
    await at_day(claim_id, "appeals.0.filed_on", today() - dt.timedelta(days=100))
    suit = await act(insurance, claim_id, "appeals", as_platform(platform), {"way": "court"})
    assert [(one["way"], one["outcome"], one["late"]) for one in suit["appeals"]] == [
        ("review", "not_decided", False),
        ("court", None, False),
    ]
    assert suit["due"] == {}
    withdrawn = {"outcome": "withdrawn", "ended_on": str(today())}
    await act(insurance, claim_id, "appeal-outcomes", insurance.officer, withdrawn)
    again = await act(insurance, claim_id, "appeals", as_platform(platform), {"way": "review"}, expect=422)
    assert again["type"] == "/problems/decided-before"


async def test_a_claim_without_a_decision_cannot_be_appealed_against(insurance: Harness, platform: str) -> None:
    claim_id = await accepted(insurance, platform)
    answer = await act(insurance, claim_id, "appeals", as_worker(platform), {"way": "review"}, expect=409)
    assert answer["type"] == "/problems/claim-state"


async def test_after_a_refusal_one_applies_again(insurance: Harness, platform: str) -> None:
    """Not while an appeal is under way."""
    claim_id = await accident(insurance, platform)
    await act(insurance, claim_id, "applications", as_worker(platform), {"papers": PAPERS})
    body = {"reasons": ["not_competent"], "text": "应由外地受理。"}
    refused = await act(insurance, claim_id, "refusal", insurance.officer, body)
    assert [way["code"] for way in refused["instead"]] == ["competent_place"]
    await act(insurance, claim_id, "appeals", as_worker(platform), {"way": "court"})
    early = await act(insurance, claim_id, "applications", as_worker(platform), {}, expect=422)
    assert early["type"] == "/problems/appeal-open"
    ended = {"outcome": "withdrawn", "ended_on": str(today())}
    await act(insurance, claim_id, "appeal-outcomes", insurance.officer, ended)
    again = await act(insurance, claim_id, "applications", as_worker(platform), {})
    assert (again["state"], list(again["due"])) == ("applied", ["review"])


async def test_a_living_worker_reported_dead_is_put_right(insurance: Harness, platform: str) -> None:
    """Whoever reported it was wrong: no papers of a death are asked of the living, and they are assessed."""
    claim_id = await accident(insurance, platform)
    await storage().collection("claims").update_one({"_id": claim_id}, {"$set": {"fatal": True}})
    await act(insurance, claim_id, "applications", as_worker(platform), {"papers": PAPERS})
    lacking = await act(insurance, claim_id, "acceptance", insurance.officer, {}, expect=422)
    assert lacking["type"] == "/problems/papers-missing"
    accepted_ = await act(insurance, claim_id, "acceptance", insurance.officer, {"fatal": False})
    assert (accepted_["state"], accepted_["fatal"]) == ("accepted", False)
    decision = {"recognised": True, "reasons": ["order_accident"], "text": "送餐途中侧翻，事实清楚。"}
    decided = await act(insurance, claim_id, "decisions", insurance.officer, decision)
    assert decided["fatal"] is False
    asked = await act(insurance, claim_id, "assessment-requests", as_worker(platform), {"kind": "first"})
    assert asked["state"] == "assessing"


async def test_what_a_decision_says_of_a_death_holds(insurance: Harness, platform: str) -> None:
    claim_id = await accepted(insurance, platform)
    await storage().collection("claims").update_one({"_id": claim_id}, {"$set": {"fatal": True}})
    decision = {"recognised": True, "reasons": ["order_accident"], "text": "本人到场陈述。", "fatal": False}
    decided = await act(insurance, claim_id, "decisions", insurance.officer, decision)
    assert decided["fatal"] is False
