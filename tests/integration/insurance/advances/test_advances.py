"""What a partner firm does not pay in time the platform advances, and takes recourse for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import pytest

from services.insurance.benefits.advance_documents import Advance
from services.insurance.claims.documents import Claim
from shared import clock
from shared.contracts.insurance import (
    AdvanceDue,
    AdvancePaid,
    BenefitPaid,
    BenefitPaymentFailed,
    RecourseClosed,
    RecourseCorrected,
)
from shared.policy import calendar
from shared.storage.client import collection_of
from tests.harness import Harness, bearer, eventually
from tests.integration.insurance.facts import new_platform
from tests.integration.insurance.recognised import benefit, grant, in_state, make_due, recognised_claim, timer_set


@pytest.fixture
def platform() -> str:
    return new_platform()


@pytest.fixture
def partner() -> str:
    return new_platform()


def today() -> dt.date:
    return calendar.shanghai_date(clock.now())


async def told(insurance: Harness, kind: Any, platform: str) -> list[Any]:
    return [fact for fact in await insurance.told(kind) if fact.platform == platform]


async def post(insurance: Harness, path: str, body: Any, platform: str | None = None) -> httpx2.Response:
    headers = insurance.headers("platform", uscc=platform) if platform else insurance.officer
    return await insurance.http.post(path, json=body, headers=headers)


async def unpaid(insurance: Harness, platform: str, partner: str, **body: Any) -> Any:
    """A benefit that the partner firm has not paid in time, and the advance that is due for it."""
    claim = await recognised_claim(insurance, platform, partner=partner)
    month = f"{today():%Y-%m}"
    months = {"first_month": month, "last_month": month} | body
    granted = await grant(insurance, claim, "suspended_pay", pay="6000.00", **months)
    assert (granted["payer"], granted["partner"]) == ("partner", partner)
    assert granted["due_on"] == str(calendar.add_days(today(), 30).due)
    await make_due("benefit_due", granted["benefit_id"])

    async def due() -> bool:
        return granted["benefit_id"] in [fact.benefit_id for fact in await told(insurance, AdvanceDue, platform)]

    await eventually(due)
    return granted


async def test_the_platform_is_told_to_advance_until_it_has(insurance: Harness, platform: str, partner: str) -> None:
    granted = await unpaid(insurance, platform, partner)
    [late] = await told(insurance, BenefitPaymentFailed, platform)
    assert (late.reason, late.final, late.payer) == ("not_paid_in_time", False, "partner")
    [due] = await told(insurance, AdvanceDue, platform)
    assert (due.partner, due.amount, due.due_on) == (partner, "6000.00", calendar.add_days(today(), 15).due)
    for reminders in (2, 3, 4):
        await make_due("advance_reminder", due.advance_id)

        async def reminded(count: int = reminders) -> bool:
            return len(await told(insurance, AdvanceDue, platform)) == count

        await eventually(reminded)
    await insurance.settled()
    assert not await timer_set("advance_reminder", due.advance_id)
    path = f"/v1/benefits/{granted['benefit_id']}/advance"
    body = {"amount": "6000.00", "on": str(today())}
    assert (await post(insurance, path, body | {"amount": "5999.99"}, platform)).status_code == 422
    assert (await post(insurance, path, body | {"on": "2099-01-01"}, platform)).status_code == 422
    assert (await post(insurance, path, body, new_platform())).status_code == 404
    advance = (await post(insurance, path, body, platform)).json()
    assert (advance["state"], advance["recourse"]["state"], advance["reminders"]) == ("advanced", "open", 3)
    assert (await post(insurance, path, body, platform)).status_code == 409
    assert (await benefit(insurance, granted["benefit_id"]))["payments"][0]["source"] == "platform"
    [fact] = await told(insurance, AdvancePaid, platform)
    assert (fact.advance_id, fact.paid_on) == (due.advance_id, today())
    [paid] = await told(insurance, BenefitPaid, platform)
    assert paid.payer == "platform"


async def test_recourse_ends_when_the_advance_is_repaid(insurance: Harness, platform: str, partner: str) -> None:
    """It never goes beyond the advance."""
    granted = await unpaid(insurance, platform, partner)
    day = str(today())
    advanced = {"amount": "6000.00", "on": day}
    path = f"/v1/benefits/{granted['benefit_id']}/advance"
    advance = (await post(insurance, path, advanced, platform)).json()
    instalments = f"/v1/advances/{advance['advance_id']}/instalments"
    await post(insurance, instalments, {"amount": "2500.00", "on": day}, platform)
    assert (await post(insurance, instalments, {"amount": "3500.01", "on": day}, platform)).status_code == 422
    assert await told(insurance, RecourseClosed, platform) == []
    closed = (await post(insurance, instalments, {"amount": "3500.00", "on": day}, platform)).json()
    assert closed["recourse"]["state"] == "recovered"
    [fact] = await told(insurance, RecourseClosed, platform)
    assert (fact.outcome, fact.recovered, fact.partner) == ("recovered", "6000.00", partner)
    assert (await post(insurance, instalments, {"amount": "0.01", "on": day}, platform)).status_code == 409


@pytest.mark.parametrize(("repaid", "outcome"), [("1000.00", "partly_recovered"), (None, "written_off")])
async def test_an_officer_ends_a_recourse_that_leads_nowhere(
    insurance: Harness, platform: str, partner: str, repaid: str | None, outcome: str
) -> None:
    granted = await unpaid(insurance, platform, partner)
    day = str(today())
    advanced = {"amount": "6000.00", "on": day}
    advance = (await post(insurance, f"/v1/benefits/{granted['benefit_id']}/advance", advanced)).json()
    path = f"/v1/advances/{advance['advance_id']}"
    if repaid:
        await post(insurance, f"{path}/instalments", {"amount": repaid, "on": day})
    reason = {"reason": "合作企业已注销"}
    assert (await post(insurance, f"{path}/closing", reason, platform)).status_code == 403
    assert (await post(insurance, f"{path}/closing", reason)).json()["recourse"]["state"] == outcome
    [fact] = await told(insurance, RecourseClosed, platform)
    assert (fact.outcome, fact.recovered) == (outcome, repaid or "0.00")
    assert (await post(insurance, f"{path}/closing", reason)).status_code == 409


async def advanced(insurance: Harness, platform: str, partner: str) -> str:
    """The path of an advance that the platform has paid: 6,000 yuan, whose recourse is open."""
    granted = await unpaid(insurance, platform, partner)
    body = {"amount": "6000.00", "on": str(today())}
    advance = await post(insurance, f"/v1/benefits/{granted['benefit_id']}/advance", body, platform)
    return f"/v1/advances/{advance.json()['advance_id']}"


async def corrected(insurance: Harness, path: str, who: str = "second-officer", **body: Any) -> httpx2.Response:
    headers = insurance.headers("officer", department="hrss", district="510600", sub=who)
    return await insurance.http.post(
        f"{path}/instalment-corrections", json={"number": 1, "reason": "误记张三还款"} | body, headers=headers
    )


async def test_money_recorded_wrongly_is_owed_again(insurance: Harness, platform: str, partner: str) -> None:
    path, day = await advanced(insurance, platform, partner), str(today())
    full = {"amount": "6000.00", "on": day}
    assert (await post(insurance, f"{path}/instalments", full)).json()["recourse"]["state"] == "recovered"
    own = await post(insurance, f"{path}/instalment-corrections", {"number": 1, "reason": "误登"})
    assert (own.status_code, own.json()["type"]) == (409, "/problems/second-officer-needed")
    assert (
        await post(insurance, f"{path}/instalment-corrections", {"number": 1, "reason": "x"}, platform)
    ).status_code == 403
    assert (await corrected(insurance, path, number=2)).status_code == 422
    ahead = {"amount": "10.00", "on": "2099-01-01"}
    assert (await corrected(insurance, path, anew=ahead)).status_code == 422
    beyond = await corrected(insurance, path, anew={"amount": "6000.01", "on": day})
    assert (beyond.status_code, beyond.json()["type"]) == (422, "/problems/too-much")
    right = await corrected(insurance, path, anew={"amount": "600.00", "on": day})
    assert right.status_code == 201, right.text
    debt = right.json()["recourse"]
    assert (debt["state"], debt["repaid"], debt["closed_on"]) == ("open", "600.00", None)
    assert [one["corrected_for"] for one in debt["instalments"]] == ["误记张三还款", None]
    assert "误记" not in repr(await collection_of(Advance).find_one({"platform": platform}))
    [fact] = await told(insurance, RecourseCorrected, platform)
    assert (fact.recovered, fact.outstanding, fact.moved) == ("600.00", "5400.00", False)
    assert (await corrected(insurance, path)).json()["type"] == "/problems/corrected-before"
    rest = await post(insurance, f"{path}/instalments", {"amount": "5400.00", "on": day}, platform)
    assert rest.json()["recourse"]["state"] == "recovered"
    assert [fact.recovered for fact in await told(insurance, RecourseClosed, platform)] == ["6000.00", "6000.00"]


async def test_what_is_right_after_all_is_closed_again(insurance: Harness, platform: str, partner: str) -> None:
    """Only the day was wrong: whoever hears the correction hears that the whole was paid back."""
    path, day = await advanced(insurance, platform, partner), str(today())
    await post(insurance, f"{path}/instalments", {"amount": "6000.00", "on": day}, platform)
    earlier = str(today() - dt.timedelta(days=1))
    right = await corrected(insurance, path, anew={"amount": "6000.00", "on": earlier})
    assert (right.json()["recourse"]["state"], right.json()["recourse"]["closed_on"]) == ("recovered", earlier)
    events = [one.data for one in await insurance.told_events(RecourseClosed) if one.data.platform == platform]
    assert len(events) == 2


async def test_money_is_moved_to_the_advance_it_was_for(insurance: Harness, platform: str, partner: str) -> None:
    path, other = await advanced(insurance, platform, partner), await advanced(insurance, platform, new_platform())
    foreign = await advanced(insurance, new_platform(), partner)
    ids = [one.removeprefix("/v1/advances/") for one in (path, other, foreign)]
    day = str(today())
    await post(insurance, f"{path}/instalments", {"amount": "6000.00", "on": day}, platform)
    for to, kind in ((ids[0], "same-place"), (ids[2], "other-platform")):
        refused = await corrected(insurance, path, to=to)
        assert (refused.status_code, refused.json()["type"]) == (422, f"/problems/{kind}")
    assert (await corrected(insurance, path, to="nobody")).status_code == 404
    both = await corrected(insurance, path, to=ids[1], anew={"amount": "1.00", "on": day})
    assert (both.status_code, both.json()["type"]) == (422, "/problems/moved-as-recorded")
    moved = (await corrected(insurance, path, to=ids[1])).json()["recourse"]
    assert (moved["state"], moved["repaid"], moved["instalments"][0]["moved_to"]) == ("open", "0.00", ids[1])
    there = (await insurance.http.get(other, headers=insurance.officer)).json()["recourse"]
    assert (there["state"], there["repaid"]) == ("recovered", "6000.00")
    closed = {fact.advance_id for fact in await told(insurance, RecourseClosed, platform)}
    assert closed == {ids[0], ids[1]}
    [fact] = await told(insurance, RecourseCorrected, platform)
    assert (fact.advance_id, fact.recovered, fact.moved) == (ids[0], "0.00", True)
    full = await post(insurance, f"{path}/instalments", {"amount": "6000.00", "on": day}, platform)
    assert full.status_code == 201
    again = await corrected(insurance, path, number=2, to=ids[1])
    assert again.status_code == 409  # that one was paid back
    assert (await insurance.http.get(path, headers=insurance.officer)).json()["recourse"]["state"] == "recovered"


async def test_what_was_given_up_on_a_wrong_figure_is_open(insurance: Harness, platform: str, partner: str) -> None:
    path, day = await advanced(insurance, platform, partner), str(today())
    await post(insurance, f"{path}/instalments", {"amount": "5000.00", "on": day}, platform)
    await post(insurance, f"{path}/closing", {"reason": "余额很小"})
    debt = (await corrected(insurance, path, anew={"amount": "50.00", "on": day})).json()["recourse"]
    assert (debt["state"], debt["repaid"], debt["closed_for"]) == ("open", "50.00", None)
    closed = await post(insurance, f"{path}/closing", {"reason": "合作企业已注销"})
    assert closed.json()["recourse"]["state"] == "partly_recovered"
    assert [fact.recovered for fact in await told(insurance, RecourseClosed, platform)] == ["5000.00", "50.00"]


async def test_a_partner_firm_that_pays_late_relieves_the_platform(
    insurance: Harness, platform: str, partner: str
) -> None:
    granted = await unpaid(insurance, platform, partner)
    paid = {"amount": "6000.00", "on": str(today())}
    answer = await post(insurance, f"/v1/benefits/{granted['benefit_id']}/payments", paid)
    assert (answer.json()["state"], answer.json()["payments"][0]["source"]) == ("paid", "partner")
    [due] = await told(insurance, AdvanceDue, platform)
    advance = await Advance.of(due.advance_id)
    assert advance is not None
    assert advance.state == "dropped"
    assert not await timer_set("advance_reminder", due.advance_id)
    late = await post(insurance, f"/v1/benefits/{granted['benefit_id']}/advance", paid, platform)
    assert late.status_code == 409


async def test_a_partner_firm_that_will_not_pay_need_not_be_waited_for(
    insurance: Harness, platform: str, partner: str
) -> None:
    claim = await recognised_claim(insurance, platform, partner=partner)
    granted = await grant(insurance, claim, "suspended_pay", pay="6000.00")
    path, reason = f"/v1/benefits/{granted['benefit_id']}", {"reason": "合作企业已失联"}

    async def default(caller: dict[str, str]) -> int:
        seen = (await insurance.http.get(path, headers=insurance.officer)).headers["etag"]
        answer = await insurance.http.put(f"{path}/default", json=reason, headers={**caller, "If-Match": seen})
        return answer.status_code

    assert await default(bearer("platform", uscc=platform)) == 403
    assert await default(insurance.officer) == 200
    assert await default(insurance.officer) == 409
    assert [fact.partner for fact in await told(insurance, AdvanceDue, platform)] == [partner]
    assert not await timer_set("benefit_due", granted["benefit_id"])


async def test_a_partner_firm_that_pays_in_time_is_no_matter(insurance: Harness, platform: str, partner: str) -> None:
    claim = await recognised_claim(insurance, platform, partner=partner)
    months: dict[str, Any] = {"first_month": "2026-09", "last_month": "2026-10"}
    granted = await grant(insurance, claim, "suspended_pay", pay="6000.00", **months)
    path = f"/v1/benefits/{granted['benefit_id']}/payments"
    paid = {"amount": "6000.00", "on": str(today())}
    await post(insurance, path, paid, platform)
    second = await in_state(insurance, granted["benefit_id"], "granted")
    assert second["month"] == "2026-10"
    await post(insurance, path, paid, platform)
    assert not await timer_set("benefit_due", granted["benefit_id"])
    assert await told(insurance, AdvanceDue, platform) == []


async def test_without_a_partner_firm_the_platform_itself_is_late(insurance: Harness, platform: str) -> None:
    claim = await recognised_claim(insurance, platform)
    granted = await grant(insurance, claim, "suspended_pay", pay="6000.00")
    assert granted["payer"] == "platform"
    await make_due("benefit_due", granted["benefit_id"])
    [late] = await eventually(lambda: told(insurance, BenefitPaymentFailed, platform))
    assert late.reason == "not_paid_in_time"
    assert await told(insurance, AdvanceDue, platform) == []


async def test_the_partner_firm_pays_where_it_did_not_contribute(
    insurance: Harness, platform: str, partner: str
) -> None:
    """It pays what the fund would have paid."""
    claim = await recognised_claim(insurance, platform, partner=partner)
    bills = [{"amount": "800.00"}]
    granted = await grant(insurance, claim, "medical", invoices=bills, insured=False)
    assert (granted["payer"], granted["amount"], granted["account"]) == ("partner", "800.00", None)


async def test_advances_are_listed_for_those_they_concern(insurance: Harness, platform: str, partner: str) -> None:
    granted = await unpaid(insurance, platform, partner)
    callers = [bearer("platform", uscc=platform), bearer("officer", department="hrss", district="510603")]
    for headers in callers:
        found = (await insurance.http.get("/v1/advances?state=due", headers=headers)).json()["items"]
        [due] = [one for one in found if one["benefit_id"] == granted["benefit_id"]]
        shown = await insurance.http.get(f"/v1/advances/{due['advance_id']}", headers=headers)
        assert (shown.json(), shown.json()["partner"]) == (due, partner)
    elsewhere = bearer("officer", department="hrss", district="510681")
    assert (await insurance.http.get(f"/v1/advances/{due['advance_id']}", headers=elsewhere)).status_code == 404
    assert (await insurance.http.get("/v1/advances", headers=elsewhere)).json()["items"] == []
    assert (await insurance.http.get("/v1/advances", headers=bearer("union"))).status_code == 403


async def test_nobody_advances_what_rests_or_is_not_recognised(insurance: Harness, platform: str, partner: str) -> None:
    """While benefits are stopped, or the decision is annulled, the partner firm is in default of nothing."""
    claim = await recognised_claim(insurance, platform, partner=partner)
    month = f"{today():%Y-%m}"
    granted = await grant(insurance, claim, "suspended_pay", pay="6000.00", first_month=month)
    path = f"/v1/benefits/{granted['benefit_id']}"
    await collection_of(Claim).update_one({"_id": claim.id}, {"$set": {"recognised": None}})
    await make_due("benefit_due", granted["benefit_id"])
    await insurance.settled()
    assert await timer_set("benefit_due", granted["benefit_id"]), "it is looked at again"
    await collection_of(Claim).update_one({"_id": claim.id}, {"$set": {"recognised": True}})
    stop = {"case": "refuses_treatment", "since": str(today()), "document": "核定书"}
    stopped = await post(insurance, f"/v1/claims/{claim.id}/entitlement/stops", stop)
    assert stopped.status_code == 200, stopped.text
    etag = (await insurance.http.get(path, headers=insurance.officer)).headers["etag"]
    headers = {**insurance.officer, "If-Match": etag}
    default = await insurance.http.put(f"{path}/default", json={"reason": "拒付"}, headers=headers)
    assert default.status_code == 409, default.text
    assert await told(insurance, AdvanceDue, platform) == []
    assert await told(insurance, BenefitPaymentFailed, platform) == []


async def test_nobody_has_paid_before_the_injury(insurance: Harness, platform: str, partner: str) -> None:
    granted = await unpaid(insurance, platform, partner)
    for what in ("payments", "advance"):
        path = f"/v1/benefits/{granted['benefit_id']}/{what}"
        early = await post(insurance, path, {"amount": "6000.00", "on": "1900-01-01"}, platform)
        assert (early.status_code, early.json()["type"]) == (422, "/problems/paid-too-early")
