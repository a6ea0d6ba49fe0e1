"""Letters are served on each party, and each party's terms run from its own service."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.insurance.app import service
from services.insurance.claims.documents import Claim
from shared import clock
from shared.contracts.insurance import ClaimDeadlineMissed, ClaimDeadlineNear, ClaimLetterServed
from shared.policy import calendar
from shared.storage.client import storage
from tests.harness import Harness, bearer, eventually
from tests.integration.at_rest import holding
from tests.integration.insurance.claim_steps import (
    accident,
    act,
    as_platform,
    as_worker,
    make_due,
    recognised,
    serve,
    timers_of,
)
from tests.integration.insurance.facts import new_platform
from tests.integration.years import before_2027, publish_2027

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


async def test_a_service_recorded_late_makes_an_appeal_late(insurance: Harness, platform: str) -> None:
    """The appeal came before the officer had entered the receipt, which says that its term was over."""
    claim_id = await recognised(insurance, platform)
    await decided(claim_id, 90)
    filed = await act(insurance, claim_id, "appeals", as_worker(platform), {"way": "review"})
    assert [one["late"] for one in filed["appeals"]] == [False]
    served = await serve(insurance, claim_id, "worker", on=str(today() - 85 * DAY))
    assert [one["late"] for one in served["appeals"]] == [True]


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


WRONG = {"letter": "decision", "party": "worker", "reason": "收件人有误，并非本人签收"}


async def test_a_service_recorded_wrongly_is_corrected(insurance: Harness, platform: str) -> None:
    """The right one counts, and the wrong one stays on file; an appeal that was late by it is no longer."""
    claim_id = await recognised(insurance, platform)
    await decided(claim_id, 90)
    await serve(insurance, claim_id, "worker", on=str(today() - 80 * DAY))
    late = {"way": "review", "party": "worker"}
    filed = await act(insurance, claim_id, "appeals", insurance.officer, late)
    assert filed["appeals"][0]["late"] is True
    anew = {"way": "mail", "on": str(today() - 10 * DAY), "evidence": "EMS 77"}
    mended = await act(insurance, claim_id, "service-corrections", insurance.officer, WRONG | {"anew": anew})
    wrong, right = mended["decisions"][0]["served"]
    assert (wrong["corrected_at"] is not None, wrong["corrected_for"]) == (True, WRONG["reason"])
    assert (right["review_by"], right["corrected_at"]) == (review_by(today() - 10 * DAY), None)
    assert mended["appeals"][0]["late"] is False
    claim = await Claim.of(claim_id)
    assert claim is not None
    assert claim.history[-1].event == "service_corrected"
    shown = await read(insurance, claim_id, as_worker(platform))
    assert shown["decisions"][0]["review_by"] == review_by(today() - 10 * DAY)
    assert shown["decisions"][0]["served"][0]["corrected_for"] is None
    told = [str(fact.review_by) for fact in await insurance.told(ClaimLetterServed) if fact.claim_id == claim_id]
    assert told == [review_by(today() - 80 * DAY), review_by(today() - 10 * DAY)]
    assert await holding(WRONG["reason"]) == []
    entries = storage().collection("audit_log").find({"about": claim_id, "action": "claim.service_corrected"})
    assert len(await entries.to_list(None)) == 1


async def test_a_service_that_never_was_ends_its_term(insurance: Harness, platform: str) -> None:
    claim_id = await recognised(insurance, platform)
    nothing = await act(insurance, claim_id, "service-corrections", insurance.officer, WRONG | {"anew": None}, 409)
    assert nothing["type"] == "/problems/not-served"
    await serve(insurance, claim_id, "worker")
    assert await timers_of(claim_id) == {"appeal": review_by(today())}
    mended = await act(insurance, claim_id, "service-corrections", insurance.officer, WRONG | {"anew": None})
    assert (mended["due"], await timers_of(claim_id)) == ({}, {})
    assert mended["decisions"][0]["review_by"] is None
    await serve(insurance, claim_id, "worker")
    assert await timers_of(claim_id) == {"appeal": review_by(today())}


async def test_a_decision_is_served_within_twenty_days(insurance: Harness, platform: str) -> None:
    """工伤认定办法 art. 22: on every party; the department hears before, and when it was not."""
    claim_id = await accident(insurance, platform, relation="employment")
    papers = ["recognition_application_form", "labour_relation_proof", "diagnosis"]
    await act(insurance, claim_id, "applications", as_platform(platform), {"papers": papers})
    await act(insurance, claim_id, "acceptance", insurance.officer, {})
    body = {"recognised": True, "reasons": ["work_time_place_cause"], "text": "事实清楚。"}
    made = await act(insurance, claim_id, "decisions", insurance.officer, body)
    by = str(calendar.add_days(today(), 20).due)
    assert made["due"] == {"serve": by}
    half = await serve(insurance, claim_id, "platform")
    assert half["due"]["serve"] == by
    closed = await act(insurance, claim_id, "closing", insurance.officer)
    assert closed["due"] == {"serve": by}
    await make_due("insurance.claim_near", f"{claim_id}:serve")
    await make_due("insurance.claim_missed", f"{claim_id}:serve")
    await insurance.settled()
    near = [fact for fact in await insurance.told(ClaimDeadlineNear) if fact.claim_id == claim_id]
    missed = [fact for fact in await insurance.told(ClaimDeadlineMissed) if fact.claim_id == claim_id]
    said = [(one.step, str(one.due_on), one.district) for one in near]
    said += [(one.step, str(one.due_on), one.district) for one in missed]
    assert said == 2 * [("serve", by, made["district"])]
    whole = await serve(insurance, claim_id, "worker")
    assert "serve" not in whole["due"]
    again = await act(insurance, claim_id, "service-corrections", insurance.officer, WRONG | {"anew": None})
    assert again["due"]["serve"] == by


async def test_terms_from_a_service_follow_the_calendar(
    insurance: Harness, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those that were stored before anything watched them."""
    claim_id = await recognised(insurance, platform)
    with before_2027():
        served = await serve(insurance, claim_id, "worker")
        last = dt.date.fromisoformat(served["decisions"][0]["served"][0]["review_by"])
        assert await storage().collection("timers").find_one({"kind": "insurance.service_calendar"}) is None
        await publish_2027(monkeypatch, last, stored=service.deadlines)

        async def moved() -> bool:
            return await timers_of(claim_id) == {"appeal": review_by(dt.date(2026, 12, 28))}

        await eventually(moved)
        shown = await read(insurance, claim_id, insurance.officer)
        again = shown["decisions"][0]["served"][0]["review_by"]
        assert again == shown["due"]["appeal"] == review_by(dt.date(2026, 12, 28)) > str(last)


def foreign() -> dict[str, str]:
    return bearer("officer", department="hrss", district="510681")
