"""More time for an employer to apply, with leave (工伤保险条例 art. 17(1))."""

from __future__ import annotations

import datetime as dt

import pytest

from services.insurance.claims.documents import Claim
from shared import clock
from shared.contracts.insurance import ClaimExtensionAsked, ClaimExtensionDecided
from shared.policy import calendar
from shared.storage.transaction import transact
from tests.harness import Harness
from tests.integration.at_rest import holding
from tests.integration.insurance.claim_steps import accident, act, as_platform, as_worker, timers_of
from tests.integration.insurance.facts import new_platform

PAPERS = ["recognition_application_form", "labour_relation_proof", "diagnosis"]
ASKED = {"reason": "职工昏迷，尚无法取得诊断证明"}
DAY = dt.timedelta(days=1)


@pytest.fixture
def platform() -> str:
    return new_platform()


def today() -> dt.date:
    return calendar.shanghai_date(clock.now())


async def terms_end(claim_id: str, day: dt.date) -> None:
    """Let the employer's term to apply end on that day."""
    claim = await Claim.of(claim_id)
    assert claim is not None
    claim.platform_apply_by = day
    await transact(claim.put)


async def test_an_employer_is_granted_more_time(insurance: Harness, platform: str) -> None:
    claim_id = await accident(insurance, platform, relation="employment")
    asked = await act(insurance, claim_id, "term-extensions", as_platform(platform), ASKED)
    assert (asked["extension"]["state"], asked["extension"]["reason"]) == ("asked", ASKED["reason"])
    until = dt.date.fromisoformat(asked["platform_apply_by"]) + 30 * DAY
    body = {"until": str(until), "ground": "情况特殊，同意延长"}
    granted = await act(insurance, claim_id, "term-extension-decisions", insurance.officer, body)
    assert (granted["extension"]["state"], granted["platform_apply_by"]) == ("granted", str(until))
    shown = (await insurance.http.get(f"/v1/claims/{claim_id}", headers=as_worker(platform))).json()
    assert (shown["extension"]["until"], shown["extension"]["reason"]) == (str(until), None)
    assert await timers_of(claim_id) == {"apply": str(until)}
    [one] = [fact for fact in await insurance.told(ClaimExtensionAsked) if fact.claim_id == claim_id]
    [told] = [fact for fact in await insurance.told(ClaimExtensionDecided) if fact.claim_id == claim_id]
    assert (one.apply_by, told.granted, told.apply_by) == (until - 30 * DAY, True, until)
    twice = await act(insurance, claim_id, "term-extensions", as_platform(platform), ASKED, expect=409)
    assert twice["state"] == "granted"
    assert await holding(ASKED["reason"]) == []


async def test_a_last_day_granted_wrongly_is_put_right(insurance: Harness, platform: str) -> None:
    """By another officer, earlier or later, within the worker's term; whoever has not applied yet keeps today."""
    claim_id = await accident(insurance, platform, relation="employment")
    asked = await act(insurance, claim_id, "term-extensions", as_platform(platform), ASKED)
    term = dt.date.fromisoformat(asked["platform_apply_by"])
    wrong = {"until": str(term + 300 * DAY), "ground": "同意"}
    await act(insurance, claim_id, "term-extension-decisions", insurance.officer, wrong)
    other = insurance.headers("officer", department="hrss", district="510600", sub="another-officer")
    right = {"until": str(term + 30 * DAY), "reason": "应为三十日"}
    own = await act(insurance, claim_id, "term-extension-corrections", insurance.officer, right, expect=409)
    assert own["type"] == "/problems/second-officer-needed"
    for until in (term, term + 900 * DAY):
        refused = await act(
            insurance, claim_id, "term-extension-corrections", other, right | {"until": str(until)}, expect=422
        )
        assert refused["type"] == "/problems/extension-day"
    put_right = await act(insurance, claim_id, "term-extension-corrections", other, right)
    assert (put_right["extension"]["until"], put_right["platform_apply_by"]) == (right["until"], right["until"])
    assert await timers_of(claim_id) == {"apply": right["until"]}
    told = [fact.apply_by for fact in await insurance.told(ClaimExtensionDecided) if fact.claim_id == claim_id]
    assert told == [term + 300 * DAY, term + 30 * DAY]
    claim = await Claim.of(claim_id)
    assert claim is not None
    assert claim.extension is not None
    assert [one.until for one in claim.extension.wrong] == [term + 300 * DAY]
    assert await holding("应为三十日") == []


async def test_a_refused_employer_keeps_its_term(insurance: Harness, platform: str) -> None:
    claim_id = await accident(insurance, platform, relation="employment")
    before = await act(insurance, claim_id, "term-extensions", as_platform(platform), ASKED)
    body = {"until": None, "ground": "理由不充分"}
    refused = await act(insurance, claim_id, "term-extension-decisions", insurance.officer, body)
    assert (refused["extension"]["state"], refused["platform_apply_by"]) == ("refused", before["platform_apply_by"])
    again = await act(insurance, claim_id, "term-extension-decisions", insurance.officer, body, expect=409)
    assert again["type"] == "/problems/extension-state"


async def test_more_time_is_asked_for_before_the_term_is_over(insurance: Harness, platform: str) -> None:
    claim_id = await accident(insurance, platform, relation="employment")
    await terms_end(claim_id, today() - DAY)
    late = await act(insurance, claim_id, "term-extensions", as_platform(platform), ASKED, expect=422)
    assert late["type"] == "/problems/extension-late"
    await terms_end(claim_id, today())
    asked = await act(insurance, claim_id, "term-extensions", as_platform(platform), ASKED)
    assert asked["extension"]["state"] == "asked"
    for until in (today(), today() + 800 * DAY):
        body = {"until": str(until), "ground": "同意"}
        wrong = await act(insurance, claim_id, "term-extension-decisions", insurance.officer, body, expect=422)
        assert wrong["type"] == "/problems/extension-day"


async def test_leave_that_comes_late_makes_an_application_timely(insurance: Harness, platform: str) -> None:
    """The employer asked in time, and applied before the officer had decided."""
    claim_id = await accident(insurance, platform, relation="employment")
    await act(insurance, claim_id, "term-extensions", as_platform(platform), ASKED)
    await terms_end(claim_id, today() - DAY)
    late = {"papers": [*PAPERS, "late_explanation"], "late_reason": "已申请延期"}
    assert (await act(insurance, claim_id, "applications", as_platform(platform), late))["late"] is True
    body = {"until": str(today() + DAY), "ground": "同意"}
    granted = await act(insurance, claim_id, "term-extension-decisions", insurance.officer, body)
    assert (granted["late"], granted["state"]) == (False, "applied")


async def test_only_an_employers_term_is_extended(insurance: Harness, platform: str) -> None:
    """Not a platform's under occupational-injury cover, nor after somebody has applied, nor by the worker."""
    claim_id = await accident(insurance, platform)
    refused = await act(insurance, claim_id, "term-extensions", as_platform(platform), ASKED, expect=422)
    assert refused["type"] == "/problems/not-extendable"
    other = new_platform()
    employed = await accident(insurance, other, relation="employment")
    await act(insurance, employed, "term-extensions", as_worker(other), ASKED, expect=403)
    unasked = {"until": str(today() + 40 * DAY), "ground": "同意"}
    await act(insurance, employed, "term-extension-decisions", insurance.officer, unasked, expect=409)
    await act(insurance, employed, "applications", as_worker(other), {"papers": PAPERS})
    gone = await act(insurance, employed, "term-extensions", as_platform(other), ASKED, expect=409)
    assert gone["state"] == "applied"
