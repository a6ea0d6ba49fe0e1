"""Letters are served on each party, and each party's terms run from its own service."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.insurance.claims.documents import Claim
from shared import clock
from shared.contracts.insurance import ClaimDeadlineMissed, ClaimDeadlineNear, ClaimLetterServed
from shared.policy import calendar
from shared.storage.client import storage
from tests.harness import Harness, bearer
from tests.integration.at_rest import holding
from tests.integration.insurance.claim_steps import (
    act,
    as_platform,
    as_worker,
    make_due,
    recognised,
    serve,
    timers_of,
)
from tests.integration.insurance.facts import new_platform

DAY = dt.timedelta(days=1)
RESULT = {"grade": 7, "nursing": None, "experts": 3}


@pytest.fixture
def platform() -> str:
    return new_platform()


def today() -> dt.date:
    return calendar.shanghai_date(clock.now())


def review_by(day: dt.date) -> str:
    return str(calendar.add_days(day, 60).due)


async def decided(claim_id: str, days_ago: int) -> None:
    """Let the decision have been taken that long ago."""
    day = dt.datetime.combine(today() - days_ago * DAY, dt.time())
    await storage().collection("claims").update_one({"_id": claim_id}, {"$set": {"decisions.0.decided_on": day}})


async def read(insurance: Harness, claim_id: str, who: dict[str, str]) -> Any:
    return (await insurance.http.get(f"/v1/claims/{claim_id}", headers=who)).json()


async def test_a_term_runs_from_service_and_not_from_the_decision(insurance: Harness, platform: str) -> None:
    claim_id = await recognised(insurance, platform)
    await decided(claim_id, 90)
    assert await timers_of(claim_id) == {}
    served = await serve(insurance, claim_id, "platform", on=str(today() - 10 * DAY), way="mail", evidence="EMS 1234")
    [known] = served["decisions"][0]["served"]
    assert (known["party"], known["review_by"], known["evidence"]) == (
        "platform",
        review_by(today() - 10 * DAY),
        "EMS 1234",
    )
    assert await timers_of(claim_id) == {"appeal": review_by(today() - 10 * DAY)}
    [told] = [fact for fact in await insurance.told(ClaimLetterServed) if fact.claim_id == claim_id]
    assert (told.letter, told.party, str(told.review_by)) == ("decision", "platform", review_by(today() - 10 * DAY))
    assert await holding("EMS 1234") == []


async def test_each_party_has_its_own_term(insurance: Harness, platform: str) -> None:
    """Ninety days after the decision the platform, served long ago, is late; the worker, served today, is not."""
    claim_id = await recognised(insurance, platform)
    await decided(claim_id, 90)
    await serve(insurance, claim_id, "platform", on=str(today() - 80 * DAY))
    await serve(insurance, claim_id, "worker")
    theirs, own = (
        await read(insurance, claim_id, as_worker(platform)),
        await read(insurance, claim_id, as_platform(platform)),
    )
    assert theirs["decisions"][0]["review_by"] == review_by(today())
    assert own["decisions"][0]["review_by"] == review_by(today() - 80 * DAY)
    assert [one["party"] for one in own["decisions"][0]["served"]] == ["platform"]
    late = await act(insurance, claim_id, "appeals", as_platform(platform), {"way": "review"}, expect=422)
    assert late["type"] == "/problems/appeal-late"
    filed = await act(insurance, claim_id, "appeals", as_worker(platform), {"way": "review"})
    assert [(one["party"], one["late"]) for one in filed["appeals"]] == [("worker", False)]
    suit = await act(insurance, claim_id, "appeals", as_platform(platform), {"way": "court"})
    assert [(one["party"], one["outcome"]) for one in suit["appeals"]] == [("worker", None), ("platform", None)]
    unclear = {"outcome": "upheld", "ended_on": str(today())}
    assert (await act(insurance, claim_id, "appeal-outcomes", insurance.officer, unclear, expect=422))["type"] == (
        "/problems/party-missing"
    )
    ended = unclear | {"outcome": "revoked", "party": "worker"}
    anew = await act(insurance, claim_id, "appeal-outcomes", insurance.officer, ended)
    assert (anew["state"], [one["outcome"] for one in anew["appeals"]]) == ("investigating", ["revoked", "revoked"])


async def test_who_was_not_served_has_no_running_term(insurance: Harness, platform: str) -> None:
    """Until five years after the decision."""
    claim_id = await recognised(insurance, platform)
    await decided(claim_id, 6 * 365)
    late = await act(insurance, claim_id, "appeals", as_worker(platform), {"way": "court"}, expect=422)
    assert late["type"] == "/problems/appeal-late"
    await decided(claim_id, 3 * 365)
    filed = await act(insurance, claim_id, "appeals", as_worker(platform), {"way": "court"})
    assert filed["appeals"][0]["late"] is False


async def test_an_announced_letter_counts_when_its_term_is_over(insurance: Harness, platform: str) -> None:
    """Whoever is served before that is served then."""
    claim_id = await recognised(insurance, platform)
    announced = await serve(insurance, claim_id, "worker", way="announcement", evidence="下落不明，德阳日报公告")
    over = calendar.add_days(today(), 30).due
    [one] = announced["decisions"][0]["served"]
    assert (one["on"], one["served_on"], one["review_by"]) == (str(today()), str(over), review_by(over))
    twice = await serve(insurance, claim_id, "worker", way="announcement", expect=409)
    assert twice["type"] == "/problems/served-already"
    found = await serve(insurance, claim_id, "worker")
    assert found["due"] == {"appeal": review_by(today())}
    shown = await read(insurance, claim_id, as_worker(platform))
    assert (shown["decisions"][0]["review_by"], shown["decisions"][0]["served"][1]["evidence"]) == (
        review_by(today()),
        None,
    )


async def test_another_assessment_is_asked_for_from_service_on(insurance: Harness, platform: str) -> None:
    claim_id = await recognised(insurance, platform)
    early = await serve(insurance, claim_id, "worker", "assessment", expect=409)
    assert early["type"] == "/problems/no-letter"
    await act(insurance, claim_id, "assessment-requests", as_worker(platform), {"kind": "first"})
    await act(insurance, claim_id, "assessments", insurance.officer, RESULT)
    past = dt.datetime.combine(today() - 40 * DAY, dt.time())
    found = {"$set": {"assessments.0.concluded_on": past}}
    await storage().collection("claims").update_one({"_id": claim_id}, found)
    served = await serve(insurance, claim_id, "platform", "assessment", on=str(today() - 30 * DAY))
    assert served["assessments"][0]["served"][0]["again_by"] == str(calendar.add_days(today() - 30 * DAY, 15).due)
    late = await act(insurance, claim_id, "assessment-requests", as_platform(platform), {"kind": "again"}, expect=422)
    assert late["type"] == "/problems/again-too-late"
    await serve(insurance, claim_id, "worker", "assessment")
    shown = await read(insurance, claim_id, as_worker(platform))
    assert shown["assessments"][0]["again_by"] == str(calendar.add_days(today(), 15).due)
    again = await act(insurance, claim_id, "assessment-requests", as_worker(platform), {"kind": "again"})
    assert again["state"] == "assessing"
    await act(insurance, claim_id, "assessments", insurance.officer, RESULT)
    last = await serve(insurance, claim_id, "worker", "assessment")
    assert last["assessments"][1]["served"][0]["again_by"] is None


async def test_the_end_of_each_partys_term_is_told_of(insurance: Harness, platform: str) -> None:
    claim_id = await recognised(insurance, platform)
    await decided(claim_id, 30)
    await serve(insurance, claim_id, "worker", on=str(today() - 20 * DAY))
    both = await serve(insurance, claim_id, "platform", on=str(today() - 3 * DAY))
    first, second = review_by(today() - 20 * DAY), review_by(today() - 3 * DAY)
    assert both["due"] == {"appeal": first}
    await make_due("insurance.claim_near", f"{claim_id}:appeal")
    await insurance.settled()
    [near] = [fact for fact in await insurance.told(ClaimDeadlineNear) if fact.claim_id == claim_id]
    assert (near.step, near.whose, str(near.due_on)) == ("appeal", "worker", first)
    await make_due("insurance.claim_missed", f"{claim_id}:appeal")
    await insurance.settled()
    [missed] = [fact for fact in await insurance.told(ClaimDeadlineMissed) if fact.claim_id == claim_id]
    assert missed.whose == "worker"
    assert await timers_of(claim_id) == {"appeal": second}
    await make_due("insurance.claim_missed", f"{claim_id}:appeal")
    await insurance.settled()
    told = [fact.whose for fact in await insurance.told(ClaimDeadlineMissed) if fact.claim_id == claim_id]
    assert (told, await timers_of(claim_id)) == (["worker", "unit"], {})


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"way": "electronic"}, "not-agreed"),
        ({"on": "2020-01-01"}, "service-day"),
        ({"on": "2099-01-01"}, "service-day"),
        ({"party": "partner"}, "no-such-party"),
    ],
)
async def test_a_service_that_cannot_be_is_refused(
    insurance: Harness, platform: str, changes: dict[str, Any], problem: str
) -> None:
    claim_id = await recognised(insurance, platform)
    party = changes.pop("party", "worker")
    refused = await serve(insurance, claim_id, party, expect=422, **changes)
    assert refused["type"] == f"/problems/{problem}"
    claim = await Claim.of(claim_id)
    assert claim is not None
    assert claim.decisions[0].served == []


async def test_the_letter_says_how_it_is_contested(insurance: Harness, platform: str) -> None:
    """And the reader's own last days, once it was served on them."""
    claim_id = await recognised(insurance, platform)
    path = (
        f"/v1/claims/{claim_id}/decisions/"
        + (await read(insurance, claim_id, insurance.officer))["decisions"][0]["number"]
    )
    before = (await insurance.http.get(path, headers=as_worker(platform))).json()
    assert "自收到本决定书之日起60日内" in before["rights"]
    assert (before["served_on"], before["review_by"]) == (None, None)
    await serve(insurance, claim_id, "worker")
    after = (await insurance.http.get(path, headers=as_worker(platform))).json()
    assert (after["served_on"], after["review_by"]) == (str(today()), review_by(today()))
    assert (await insurance.http.get(path, headers=as_platform(platform))).json()["review_by"] is None


async def test_only_officers_of_the_district_record_services(insurance: Harness, platform: str) -> None:
    claim_id = await recognised(insurance, platform)
    body = {"letter": "decision", "party": "worker", "way": "direct", "on": str(today()), "evidence": "回证"}
    for who, status in ((as_worker(platform), 403), (as_platform(platform), 403), (foreign(), 404)):
        assert (await act(insurance, claim_id, "services", who, body, expect=status))["type"]


def foreign() -> dict[str, str]:
    return bearer("officer", department="hrss", district="510681")
