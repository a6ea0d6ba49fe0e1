"""A courier insured through an outlet has a work injury; the outlet's insurer is the unit, and pays where it has not paid in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2

from shared import clock
from shared.contracts.insurance import ClaimFiled, ClaimSchemeCorrected
from shared.contracts.platform import platform_source
from shared.contracts.registry import EngagementActivated
from shared.policy import calendar
from tests.harness import Harness, bearer, eventually
from tests.integration.insurance.claim_steps import act, engage, local, order_at, person, step
from tests.integration.insurance.facts import engagement, incident, new_platform, worker

FORM = {"district": "510603", "place": "旌阳区某路口", "description": "电动车侧翻", "severity": "serious"}
PAPERS = ["work_injury_application_form", "employment_proof", "diagnosis"]


async def on_file(insurance: Harness, outlet: str, insurer: str | None = None, since: str = "2026-08-01") -> None:
    filing = {"filing": "terminal_only" if insurer else "licensed", "insurer": insurer}
    body = {"uscc": outlet, "name": "旌阳一部", "district": "510603", "since": since, **filing}
    added = await insurance.http.post("/v1/outlets", json=body, headers=insurance.officer)
    assert added.status_code == 201, added.text


async def through(insurance: Harness, enrolment_id: str) -> None:
    """Wait until an enrolment is through an outlet."""

    async def look() -> bool:
        found = await insurance.http.get(f"/v1/enrolments/{enrolment_id}", headers=insurance.officer)
        return found.status_code == 200 and found.json()["segments"][-1]["basis"] == "outlet"

    await eventually(look)


async def courier(insurance: Harness, platform: str, outlet: str) -> None:
    fact = engagement(EngagementActivated, platform, industry="courier", relation="partial", partner_uscc=outlet)
    await insurance.publish(worker(person(platform)), fact)
    await through(insurance, f"{platform}-w1")


async def hurt(insurance: Harness, platform: str, hours_ago: int = 3) -> str:
    """The claim of an incident that a platform reports."""
    at = local(clock.now() - dt.timedelta(hours=hours_ago))
    await insurance.publish(incident("i1", at), source=platform_source(platform))
    await insurance.settled()
    [filed] = [fact for fact in await insurance.told(ClaimFiled) if fact.platform == platform]
    return filed.claim_id


async def claim_of(insurance: Harness, claim_id: str, who: dict[str, str] | None = None) -> dict[str, Any]:
    found = await insurance.http.get(f"/v1/claims/{claim_id}", headers=who or insurance.officer)
    assert found.status_code == 200, found.text
    claim: dict[str, Any] = found.json()
    return claim


async def report(insurance: Harness, who: dict[str, str], **form: Any) -> httpx2.Response:
    at = (clock.now() - dt.timedelta(hours=2)).isoformat()
    headers = {**who, "Idempotency-Key": insurance.officer["Idempotency-Key"]}
    return await insurance.http.post("/v1/claims", data={"occurred_at": at, **FORM, **form}, headers=headers)


async def test_an_insured_couriers_accident_is_a_work_injury(insurance: Harness) -> None:
    """With the terms of 工伤保险条例 art. 17: 30 days for the unit, a year for the person."""
    platform, outlet, insurer = new_platform(), new_platform(), new_platform()
    await on_file(insurance, outlet, insurer)
    await courier(insurance, platform, outlet)
    claim = await claim_of(insurance, await hurt(insurance, platform))
    day = calendar.shanghai_date(clock.now() - dt.timedelta(hours=3))
    assert (claim["cover"], claim["scheme"]) == ("other_scheme", "work_injury")
    assert claim["outlet"] == {"uscc": outlet, "insurer": insurer}
    assert claim["platform_apply_by"] == calendar.add_days(day, 30).due.isoformat()
    assert claim["self_apply_by"] == calendar.add_years(day, 1).due.isoformat()
    [filed] = [fact for fact in await insurance.told(ClaimFiled) if fact.platform == platform]
    assert filed.unit == insurer


async def test_the_insurer_applies_as_the_unit(insurance: Harness) -> None:
    """It sees the claim, as the outlet does; the platform reads on and takes no step in its place."""
    platform, outlet, insurer = new_platform(), new_platform(), new_platform()
    await on_file(insurance, outlet, insurer)
    await courier(insurance, platform, outlet)
    claim_id = await hurt(insurance, platform)
    for uscc in (platform, outlet, insurer):
        listed = await insurance.http.get("/v1/claims", headers=bearer("platform", uscc=uscc))
        assert [one["claim_id"] for one in listed.json()["items"]] == [claim_id]
    other = await insurance.http.get(f"/v1/claims/{claim_id}", headers=bearer("platform", uscc=new_platform()))
    assert other.status_code == 404
    await act(insurance, claim_id, "applications", bearer("platform", uscc=platform), {}, expect=403)
    applied = await act(insurance, claim_id, "applications", bearer("platform", uscc=insurer), {})
    assert (applied["state"], applied["applicant"], applied["description"]) == ("applied", "platform", None)


async def test_an_outlet_reports_for_its_own_person(insurance: Harness) -> None:
    """It is answered like the unit that it is; for a stranger it is told that there is nobody."""
    outlet, insurer, own = new_platform(), new_platform(), f"own-{new_platform()}"
    await on_file(insurance, outlet, insurer)
    await insurance.publish(worker(own))
    await insurance.settled()
    body = {"worker_id": own, "started_on": "2026-09-01"}
    added = await insurance.http.post(f"/v1/outlets/{outlet}/people", json=body, headers=insurance.officer)
    assert added.status_code == 201, added.text
    await through(insurance, added.json()["engagement_id"])
    unit = bearer("platform", uscc=insurer)
    stranger = await report(insurance, unit, worker_id=f"nobody-{own}")
    assert (stranger.status_code, stranger.json()["type"]) == (404, "/problems/not-found")
    assert (await report(insurance, bearer("platform", uscc=new_platform()), worker_id=own)).status_code == 404
    assert (await report(insurance, unit)).status_code == 422
    reported = await report(insurance, bearer("platform", uscc=outlet), worker_id=own)
    assert reported.status_code == 201, reported.text
    claim = reported.json()
    assert (claim["scheme"], claim["platform"], claim["reported_by"]) == ("work_injury", outlet, "platform")
    assert claim["outlet"] == {"uscc": outlet, "insurer": insurer}
    applied = await act(insurance, claim["claim_id"], "applications", unit, {})
    assert applied["state"] == "applied"
    mine = await insurance.http.get("/v1/claims", headers=bearer("worker", worker_id=own))
    assert [one["claim_id"] for one in mine.json()["items"]] == [claim["claim_id"]]


async def test_a_list_that_comes_late_still_changes_the_scheme(insurance: Harness) -> None:
    platform, outlet = new_platform(), new_platform()
    fact = engagement(EngagementActivated, platform, industry="courier", relation="partial", partner_uscc=outlet)
    await insurance.publish(worker(person(platform)), fact)
    await insurance.settled()
    claim_id = await hurt(insurance, platform)
    assert (await claim_of(insurance, claim_id))["scheme"] == "occupational_injury"
    await on_file(insurance, outlet)

    async def moved() -> bool:
        return bool((await claim_of(insurance, claim_id))["scheme"] == "work_injury")

    await eventually(moved)
    assert (await claim_of(insurance, claim_id))["outlet"] == {"uscc": outlet, "insurer": outlet}


async def test_an_employee_of_a_filed_outlet_is_its_enterprises(insurance: Harness) -> None:
    """An outlet that is only filed can employ nobody: who answers, and pays, is the enterprise that it belongs to."""
    platform, outlet, insurer = new_platform(), new_platform(), new_platform()
    await on_file(insurance, outlet, insurer)
    fact = engagement(EngagementActivated, platform, industry="courier", relation="employment", partner_uscc=outlet)
    await insurance.publish(worker(person(platform)), fact)
    await insurance.settled()
    claim = await claim_of(insurance, await hurt(insurance, platform))
    assert (claim["scheme"], claim["outlet"], claim["partner"]) == ("work_injury", None, insurer)
    seen = await insurance.http.get(f"/v1/claims/{claim['claim_id']}", headers=bearer("platform", uscc=insurer))
    assert seen.status_code == 200


async def recognised(insurance: Harness, claim_id: str, unit: dict[str, str]) -> None:
    lacking = (await act(insurance, claim_id, "applications", unit, {}))["missing_papers"]
    await act(insurance, claim_id, "papers", unit, {"papers": lacking})
    await act(insurance, claim_id, "acceptance", insurance.officer, {})
    body = {"recognised": True, "reasons": ["work_time_place_cause"], "text": "投递途中侧翻，事实清楚。"}
    await act(insurance, claim_id, "decisions", insurance.officer, body)


async def drawn(insurance: Harness, outlet: str, month: str) -> None:
    """Let a month's contributions of an outlet be drawn: a bill of 32.00 for its one person."""
    path = f"/v1/outlets/{outlet}/contributions"
    statement = await insurance.http.post(path, json={"month": month}, headers=insurance.officer)
    wage = {"average_wage": "8000.00", "source": "德阳市2025年平均工资公告"}
    headers = {**insurance.officer, "If-Match": statement.headers["etag"]}
    entered = await insurance.http.put(f"{path}/{month}/average-wage", json=wage, headers=headers)
    assert entered.is_success, entered.text


async def test_a_bill_due_after_the_accident_is_no_default(insurance: Harness) -> None:
    """Hurt on 5 October 2026: September's contribution was to be paid by the 15th. It never was; the injury is insured all the same
    (社会保险法 art. 41, 60)."""
    platform, outlet = new_platform(), new_platform()
    await on_file(insurance, outlet)
    await courier(insurance, platform, outlet)
    await insurance.publish(incident("i1", "2026-10-05 12:00"), source=platform_source(platform))
    await insurance.settled()
    [filed] = [fact for fact in await insurance.told(ClaimFiled) if fact.platform == platform]
    await drawn(insurance, outlet, "2026-09")
    bill = (await insurance.http.get(f"/v1/outlets/{outlet}/bills/2026-09", headers=insurance.officer)).json()
    assert (bill["due_on"], bill["outstanding"]) == ("2026-10-15", "32.00")
    path = f"/v1/claims/{filed.claim_id}/liability"
    found = (await insurance.http.get(path, headers=insurance.officer)).json()
    assert (found["state"], found["reason"]) == ("insured", "registered_and_paid")


async def medical(insurance: Harness, claim_id: str) -> dict[str, Any]:
    """What a benefit for treatment would be, and who would pay it."""
    body = {
        "kind": "medical",
        "invoices": [{"amount": "1000.00", "another": "另一次门诊"}],
        "account": "6217000012345678901",
    }
    path = f"/v1/claims/{claim_id}/benefits"
    granted = await insurance.http.post(path, json=body, headers=insurance.officer)
    assert granted.status_code == 201, granted.text
    answer: dict[str, Any] = granted.json()
    return answer


async def test_arrears_make_the_insurer_pay_the_benefit(insurance: Harness) -> None:
    """Contributions paid: the fund pays. Overdue at the accident: the outlet's insurer (社会保险法 art. 41). Made up since: the
    fund pays what arises anew (工伤保险条例 art. 62(3))."""
    platform, outlet, insurer = new_platform(), new_platform(), new_platform()
    await on_file(insurance, outlet, insurer)
    await courier(insurance, platform, outlet)
    claim_id = await hurt(insurance, platform, hours_ago=0)  # on the day of the payment
    await recognised(insurance, claim_id, bearer("platform", uscc=insurer))
    assert (await medical(insurance, claim_id))["payer"] == "fund"
    await drawn(insurance, outlet, "2026-09")
    owed = await medical(insurance, claim_id)
    assert (owed["payer"], owed["partner"]) == ("partner", insurer)
    body = {"payment_id": f"p-{outlet}", "amount": "32.00", "paid_on": calendar.shanghai_date(clock.now()).isoformat()}
    bills = f"/v1/outlets/{outlet}/bills/2026-09/payments"
    assert (await insurance.http.post(bills, json=body, headers=insurance.officer)).status_code == 201
    assert (await medical(insurance, claim_id))["payer"] == "fund"
    asked = {"kind": "disability_lump", "own_wage": "6000.00"}
    lump = await insurance.http.post(
        f"/v1/claims/{claim_id}/benefits?preview=true", json=asked, headers=insurance.officer
    )
    assert lump.status_code in (200, 422)


async def test_an_officer_corrects_the_scheme_with_reasons(insurance: Harness) -> None:
    """Terms, papers and the term under way follow; the parties are told; later facts change nothing by themselves."""
    platform, outlet = new_platform(), new_platform()
    await engage(insurance, platform, industry="instant_delivery")
    at = clock.now() - dt.timedelta(hours=3)
    await order_at(platform, at)
    claim_id = await hurt(insurance, platform)
    await act(insurance, claim_id, "applications", bearer("platform", uscc=platform), {})
    before = await claim_of(insurance, claim_id)
    assert before["scheme"] == "occupational_injury"
    reasons = {"reasons": "经核查，事故当日经网点派件"}
    wrong = await act(
        insurance, claim_id, "scheme", insurance.officer, {"scheme": "occupational_injury", **reasons}, 422
    )
    assert wrong["type"] == "/problems/same-scheme"
    unknown = {"scheme": "work_injury", "outlet": outlet, **reasons}
    assert (await act(insurance, claim_id, "scheme", insurance.officer, unknown, 422))["type"] == (
        "/problems/outlet-not-insured"
    )
    await on_file(insurance, outlet)
    corrected = await act(insurance, claim_id, "scheme", insurance.officer, unknown)
    day = calendar.shanghai_date(at)
    assert (corrected["scheme"], corrected["outlet"]["insurer"]) == ("work_injury", outlet)
    assert corrected["self_apply_by"] == calendar.add_years(day, 1).due.isoformat()
    assert corrected["missing_papers"] != before["missing_papers"]
    [told] = [fact for fact in await insurance.told(ClaimSchemeCorrected) if fact.claim_id == claim_id]
    assert (told.scheme, told.former_scheme, told.unit) == ("work_injury", "occupational_injury", outlet)
    assert told.due_on is not None
    assert corrected["due"]["review"] == told.due_on.isoformat()
    history = await insurance.http.get(f"/v1/claims/{claim_id}/history", headers=insurance.officer)
    assert history.json()[-1]["note"] == reasons["reasons"]
    await insurance.publish(
        engagement(EngagementActivated, platform, version=2, industry="instant_delivery", relation="self_employed")
    )
    await insurance.settled()
    assert (await claim_of(insurance, claim_id))["scheme"] == "work_injury", "an officer's finding stands"
    worker_tries = await step(insurance, claim_id, "scheme", bearer("worker", worker_id=person(platform)), json=unknown)
    assert worker_tries.status_code == 403


async def test_after_the_decision_only_remedies_change_it(insurance: Harness) -> None:
    platform, outlet = new_platform(), new_platform()
    await on_file(insurance, outlet)
    await courier(insurance, platform, outlet)
    claim_id = await hurt(insurance, platform)
    await recognised(insurance, claim_id, bearer("platform", uscc=outlet))
    body = {"scheme": "occupational_injury", "reasons": "应属职业伤害保障"}
    refused = await act(insurance, claim_id, "scheme", insurance.officer, body, 409)
    assert refused["type"] == "/problems/decided-already"
