"""A partner firm or dispatch agency is a party to what it owes, before it is in default."""

from __future__ import annotations

from typing import Any

import pytest

from shared import clock
from shared.contracts.insurance import BenefitGranted, ClaimAccepted, ClaimApplied, ClaimFiled
from shared.policy import calendar
from tests.harness import Harness, bearer
from tests.integration.insurance.after import record
from tests.integration.insurance.claim_steps import JPEG, accident, act, as_platform, serve, step
from tests.integration.insurance.facts import new_platform
from tests.integration.insurance.recognised import benefit, grant, recognised_claim

PAPERS = ["recognition_application_form", "labour_relation_proof", "diagnosis"]


@pytest.fixture
def platform() -> str:
    return new_platform()


@pytest.fixture
def agency() -> str:
    return new_platform()


def today() -> str:
    return str(calendar.shanghai_date(clock.now()))


async def get(insurance: Harness, path: str, who: dict[str, str]) -> tuple[int, Any]:
    answer = await insurance.http.get(path, headers=who)
    return answer.status_code, answer.json()


async def test_a_dispatch_agency_applies_and_answers(insurance: Harness, platform: str, agency: str) -> None:
    """As the employer: it sees the claim, applies, hands papers in, and is a party of the decision."""
    claim_id = await accident(insurance, platform, relation="employment", partner_uscc=agency, dispatched=True)
    us, others = as_platform(agency), as_platform(new_platform())
    status, shown = await get(insurance, f"/v1/claims/{claim_id}", us)
    assert (status, shown["partner"], shown["description"]) == (200, agency, None)
    assert [one["claim_id"] for one in (await get(insurance, "/v1/claims", us))[1]["items"]] == [claim_id]
    assert (await get(insurance, f"/v1/claims/{claim_id}", others))[0] == 404
    assert (await get(insurance, "/v1/claims", others))[1]["items"] == []

    await act(insurance, claim_id, "applications", us, {"papers": PAPERS[:2]})
    notes = await step(insurance, claim_id, "withdrawal", as_platform(platform))
    assert notes.json()["type"] == "/problems/not-yours"
    given = await step(insurance, claim_id, "photos", us, data={"paper": PAPERS[2]}, files={"files": ("a.jpg", JPEG)})
    assert (given.status_code, given.json()["missing_papers"]) == (201, [])
    await act(insurance, claim_id, "acceptance", insurance.officer, {})
    body = {"recognised": True, "reasons": ["work_time_place_cause"], "text": "送餐途中侧翻。"}
    decided = await act(insurance, claim_id, "decisions", insurance.officer, body)
    await serve(insurance, claim_id, "partner")
    number = decided["decisions"][0]["number"]
    for who, served in ((us, today()), (as_platform(platform), None)):
        _, letter = await get(insurance, f"/v1/claims/{claim_id}/decisions/{number}", who)
        assert (letter["served_on"], letter["text"]) == (served, "送餐途中侧翻。")
    filed = await act(insurance, claim_id, "appeals", us, {"way": "review"})
    assert [one["party"] for one in filed["appeals"]] == ["partner"]
    for kind in (ClaimFiled, ClaimApplied, ClaimAccepted):
        told: list[Any] = [fact for fact in await insurance.told(kind) if fact.key() == claim_id]
        assert [fact.partner for fact in told] == [agency]


async def test_a_partner_firm_pays_before_it_is_in_default(insurance: Harness, platform: str, agency: str) -> None:
    """It sees what it owes from the grant on, and records its own payment; nobody has to advance it."""
    claim = await recognised_claim(insurance, platform, partner=agency, grade=7)
    granted = await grant(insurance, claim, "suspended_pay", pay="6000", last_month=today()[:7])
    us = as_platform(agency)
    assert granted["payer"] == "partner"
    [told] = [fact for fact in await insurance.told(BenefitGranted) if fact.benefit_id == granted["benefit_id"]]
    assert (told.partner, told.payer) == (agency, "partner")
    _, page = await get(insurance, "/v1/benefits", us)
    assert [(one["benefit_id"], one["due_on"]) for one in page["items"]] == [(granted["benefit_id"], granted["due_on"])]
    _, shown = await get(insurance, f"/v1/benefits/{granted['benefit_id']}", us)
    assert (shown["amount"], shown["account"], shown["basis"]) == ("6000.00", None, None)
    path = f"/v1/benefits/{granted['benefit_id']}"
    paid = {"amount": "6000.00", "on": today()}
    headers = {**as_platform(new_platform()), "Idempotency-Key": "foreign"}
    assert (await insurance.http.post(f"{path}/payments", json=paid, headers=headers)).status_code == 404
    headers = {**us, "Idempotency-Key": f"advance-{agency}"}
    assert (await insurance.http.post(f"{path}/advance", json=paid, headers=headers)).status_code == 404
    headers = {**us, "Idempotency-Key": f"paid-{agency}"}
    answer = await insurance.http.post(f"{path}/payments", json=paid, headers=headers)
    assert (answer.status_code, answer.json()["state"]) == (201, "paid")
    assert [one["source"] for one in (await benefit(insurance, granted["benefit_id"]))["payments"]] == ["partner"]
    assert (await get(insurance, "/v1/advances", us))[1]["items"] == []


async def test_no_platform_advances_what_is_stopped(insurance: Harness, platform: str, agency: str) -> None:
    """Benefits stop while an advance is due (工伤保险条例 art. 42): nobody owes the month until they go on."""
    claim = await recognised_claim(insurance, platform, partner=agency)
    granted = await grant(insurance, claim, "suspended_pay", pay="6000")
    path = f"/v1/benefits/{granted['benefit_id']}"
    seen = (await insurance.http.get(path, headers=insurance.officer)).headers["etag"]
    body = {"reason": "该单位已停业"}
    await insurance.http.put(f"{path}/default", json=body, headers={**insurance.officer, "If-Match": seen})
    due = (await get(insurance, "/v1/advances?state=due", as_platform(platform)))[1]["items"]
    assert [one["benefit_id"] for one in due] == [granted["benefit_id"]]
    await record(insurance, claim, "stops", case="refuses_treatment", since=today())
    assert (await get(insurance, "/v1/advances?state=due", as_platform(platform)))[1]["items"] == []
    await record(insurance, claim, "resumption", on=today())
    assert (await benefit(insurance, granted["benefit_id"]))["due_on"] >= granted["due_on"]


async def test_a_partner_firm_does_not_see_what_others_pay(insurance: Harness, platform: str, agency: str) -> None:
    """Neither what the fund pays, nor the platform's own."""
    claim = await recognised_claim(insurance, platform, partner=agency, grade=7)
    bills = [{"amount": "100.00"}]
    fund = await grant(insurance, claim, "medical", invoices=bills, account="6217000012345678901")
    assert fund["payer"] == "fund"
    for who in (as_platform(agency), bearer("worker", worker_id="somebody")):
        assert (await get(insurance, f"/v1/benefits/{fund['benefit_id']}", who))[0] == 404
    assert (await get(insurance, "/v1/benefits", as_platform(agency)))[1]["items"] == []
