"""Who bears the costs of an injury follows from enrolments, contributions, bills and the day of the application."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from services.insurance.billing.documents import Bill, Payment, SetOff
from services.insurance.claims.documents import Claim
from services.insurance.contributions.documents import Contribution
from services.insurance.enrolment.documents import Enrolment, Request, StoredSegment
from services.insurance.liability.documents import Liability
from shared import clock
from shared.ids import new_id
from shared.policy import calendar
from shared.storage.encryption import encrypt_field
from shared.storage.transaction import transact
from tests.harness import Harness, bearer
from tests.integration.at_rest import holding
from tests.integration.insurance.claim_steps import accident, act, as_platform
from tests.integration.insurance.facts import at, new_platform
from tests.integration.insurance.recognised import ACCOUNT, benefit, grant, recognised_claim
from tests.unit.identity.numbers import make

BILLS = [{"amount": "1000.00"}]
GROUND = "经核查社保经办系统缴费明细"
DAY = dt.timedelta(days=1)
INJURED = dt.date(2026, 9, 2)


@pytest.fixture
def platform() -> str:
    return new_platform()


async def undecided(insurance: Harness, platform: str, **changes: Any) -> Claim:
    """A recognised work injury of 2026-09-02 on which no officer has decided."""
    claim = await recognised_claim(insurance, platform, **changes)
    known = await Liability.of(claim.id)
    assert known is not None
    await known.delete()
    return claim


async def registered(claim: Claim, since: dt.date = dt.date(2026, 7, 1), confirmed: dt.date | None = None) -> None:
    """The employer's registration of the person, which the province took."""
    days: dict[str, Any] = {
        "scheme": "work_injury",
        "basis": "employer",
        "worker_id": claim.worker_id,
        "unit": claim.platform,
        "starts_on": since,
        "ends_on": None,
    }
    due_on = since + 30 * DAY
    enrolment = Enrolment(
        id=new_id(),
        platform=claim.platform,
        worker_ref="w1",
        district="510603",
        state="open",
        due_on=due_on,
        confirmed_on=confirmed or since,
        segments=[StoredSegment(**days, due_on=due_on)],
        requests=[Request(**days, number=new_id(), district="510603", status="accepted")],
        **{name: days[name] for name in ("worker_id", "scheme", "basis", "starts_on", "ends_on")},
    )
    await transact(enrolment.put)


async def paid(claim: Claim, month: str, on: dt.date) -> None:
    number = new_id()
    one = Contribution(
        id=number,
        id_hash=number,
        id_number=encrypt_field("holder.id_number", number, "51060319900101001X"),
        worker_id=claim.worker_id,
        insurance="work_injury",
        month=month,
        base=Decimal(5000),
        employer_amount=Decimal(20),
        worker_amount=Decimal(0),
        payer=claim.platform,
        paid_on=on,
        reversed=False,
        changed_at=clock.now(),
    )
    await transact(one.put)


async def liability(insurance: Harness, claim: Claim) -> Any:
    return (await insurance.http.get(f"/v1/claims/{claim.id}/liability", headers=insurance.officer)).json()


async def decide(insurance: Harness, claim: Claim, expect: int = 200, **body: Any) -> Any:
    path = f"/v1/claims/{claim.id}/liability"
    seen = await insurance.http.get(path, headers=insurance.officer)
    headers = {**insurance.officer, "If-Match": seen.headers["etag"]}
    answer = await insurance.http.put(path, json={"ground": GROUND} | body, headers=headers)
    assert answer.status_code == expect, answer.text
    return answer.json()


async def test_the_records_say_that_an_injury_was_insured(insurance: Harness, platform: str) -> None:
    """The fund pays; no officer types it, nor contradicts it."""
    claim = await undecided(insurance, platform)
    await registered(claim)
    await paid(claim, "2026-07", dt.date(2026, 8, 14))
    found = await liability(insurance, claim)
    assert (found["state"], found["found"], found["reason"]) == ("insured", "insured", "registered_and_paid")
    granted = await grant(insurance, claim, "medical", invoices=BILLS, account=ACCOUNT)
    assert granted["payer"] == "fund"
    assert (await decide(insurance, claim, 409, insured=False))["type"] == "/problems/insured-settled"


@pytest.mark.parametrize("case", ["not_registered", "registered_late", "contributions_unpaid"])
async def test_an_employer_that_had_not_insured_pays(insurance: Harness, platform: str, case: str) -> None:
    """And where it does not pay, the fund advances (社会保险法 art. 41)."""
    claim = await undecided(insurance, platform)
    if case == "not_registered":
        await registered(claim, since=dt.date(2026, 9, 3))
    elif case == "registered_late":
        await registered(claim, confirmed=dt.date(2026, 9, 3))
    else:
        await registered(claim, since=dt.date(2026, 6, 1))
        await paid(claim, "2026-06", dt.date(2026, 7, 14))
    assert (await liability(insurance, claim))["reason"] == case
    granted = await grant(insurance, claim, "medical", invoices=BILLS)
    assert (granted["payer"], granted["basis"]["burden"]) == ("platform", "not_insured")
    path = f"/v1/benefits/{granted['benefit_id']}"
    seen = await insurance.http.get(path, headers=insurance.officer)
    headers = {**insurance.officer, "If-Match": seen.headers["etag"]}
    body = {"reason": "单位拒不支付", "account": ACCOUNT}
    answer = await insurance.http.put(f"{path}/fund-advance", json=body, headers=headers)
    assert (answer.json()["payer"], answer.json()["liable"]) == ("fund", "platform")


async def test_what_is_unclear_waits_for_a_person(insurance: Harness, platform: str) -> None:
    claim = await undecided(insurance, platform)
    refused = await grant(insurance, claim, "medical", invoices=BILLS, account=ACCOUNT, expect=422)
    assert refused["type"] == "/problems/insured-unclear"
    assert (await decide(insurance, claim, 409))["type"] == "/problems/insured-settled"
    decided = await decide(insurance, claim, insured=False)
    assert (decided["state"], decided["found"], decided["ground"]) == ("not_insured", "unclear", GROUND)
    assert (await grant(insurance, claim, "medical", invoices=BILLS))["payer"] == "platform"
    assert await holding(GROUND) == []


async def test_what_employers_always_pay_needs_no_record(insurance: Harness, platform: str) -> None:
    claim = await undecided(insurance, platform)
    assert (await grant(insurance, claim, "suspended_pay", pay="6000"))["payer"] == "platform"


async def test_new_costs_are_the_funds_once_all_is_paid(insurance: Harness, platform: str) -> None:
    """工伤保险条例 art. 62 (3)."""
    claim = await undecided(insurance, platform, grade=7)
    await registered(claim, confirmed=dt.date(2026, 10, 8))
    assert (await decide(insurance, claim, 422, made_up_on="2026-10-08"))["type"] == "/problems/not-made-up"
    await paid(claim, "2026-09", dt.date(2026, 10, 8))
    assert (await decide(insurance, claim, made_up_on="2026-10-08"))["made_up_on"] == "2026-10-08"
    unsaid = await grant(insurance, claim, "medical", invoices=BILLS, expect=422)
    assert unsaid["type"] == "/problems/day-missing"
    for day, payer in (("2026-10-08", "platform"), ("2026-10-09", "fund")):
        granted = await grant(insurance, claim, "medical", invoices=BILLS, account=ACCOUNT, incurred_on=day)
        assert granted["payer"] == payer
    once = await grant(insurance, claim, "disability_lump", own_wage="5000", account=ACCOUNT, incurred_on="2026-11-01")
    assert once["payer"] == "platform"
    early = await grant(insurance, claim, "medical", invoices=BILLS, incurred_on="2026-09-01", expect=422)
    assert early["type"] == "/problems/incurred-day"


async def test_new_costs_wait_for_the_month_found_unpaid_too(insurance: Harness, platform: str) -> None:
    """September's contribution alone makes up for nothing while July's, for which the injury is uninsured, is unpaid."""
    claim = await undecided(insurance, platform)
    await registered(claim, since=dt.date(2026, 6, 1))
    await paid(claim, "2026-06", dt.date(2026, 7, 14))
    await paid(claim, "2026-09", dt.date(2026, 10, 8))
    assert (await decide(insurance, claim, 422, made_up_on="2026-10-08"))["type"] == "/problems/not-made-up"
    await paid(claim, "2026-07", dt.date(2026, 10, 12))
    assert (await decide(insurance, claim, 422, made_up_on="2026-10-08"))["type"] == "/problems/not-made-up"
    assert (await decide(insurance, claim, made_up_on="2026-10-12"))["made_up_on"] == "2026-10-12"


async def test_months_of_two_payers_are_granted_apart(insurance: Harness, platform: str) -> None:
    """What fell before the employer had made up is its own, and stands in nobody's way of what the fund pays after it."""
    claim = await undecided(insurance, platform, grade=3, nursing="full")
    await registered(claim, confirmed=dt.date(2026, 10, 8))
    await paid(claim, "2026-09", dt.date(2026, 10, 8))
    await decide(insurance, claim, made_up_on="2026-10-08")
    for kind in ("nursing", "disability_allowance"):
        asked: dict[str, Any] = {"account": ACCOUNT, "own_wage": "5000"}
        both = await grant(insurance, claim, kind, **asked, first_month="2026-09", expect=422)
        assert both["type"] == "/problems/months-of-two"
        first = await grant(insurance, claim, kind, **asked, first_month="2026-09", last_month="2026-10")
        after = await grant(insurance, claim, kind, **asked, first_month="2026-11")
        assert (first["payer"], after["payer"]) == ("platform", "fund")
        for month in ("2026-10", "2026-11"):
            again = await grant(insurance, claim, kind, **asked, first_month=month, last_month=month, expect=409)
            assert again["type"] == "/problems/already-granted"


async def test_a_late_employer_bears_what_fell_until_then(insurance: Harness, platform: str) -> None:
    """工伤保险条例 art. 17 (4); the fund does not advance it."""
    claim = await recognised_claim(
        insurance,
        platform,
        platform_apply_by=dt.date(2026, 10, 9),
        first_applied=dt.date(2026, 10, 20),
        history=[
            {"at": at("2026-10-26 10:00"), "event": "accept", "state": "accepted", "role": "officer", "by": "officer"}
        ],
    )
    found = await liability(insurance, claim)
    assert (found["state"], found["late_from"], found["late_until"]) == ("insured", "2026-09-02", "2026-10-26")
    late = await grant(insurance, claim, "medical", invoices=BILLS, incurred_on="2026-10-26")
    assert (late["payer"], late["basis"]["burden"]) == ("platform", "late_application")
    after = await grant(insurance, claim, "medical", invoices=BILLS, account=ACCOUNT, incurred_on="2026-10-27")
    assert after["payer"] == "fund"
    path = f"/v1/benefits/{late['benefit_id']}"
    seen = await insurance.http.get(path, headers=insurance.officer)
    headers = {**insurance.officer, "If-Match": seen.headers["etag"]}
    body = {"reason": "单位拒不支付", "account": ACCOUNT}
    assert (await insurance.http.put(f"{path}/fund-advance", json=body, headers=headers)).status_code == 409
    assert (await benefit(insurance, late["benefit_id"]))["payer"] == "platform"


async def test_kin_draw_the_employers_months_and_the_funds(insurance: Harness, platform: str) -> None:
    """Those before a late application was taken up are granted apart, and the register goes on from there."""
    claim = await recognised_claim(
        insurance,
        platform,
        fatal=True,
        platform_apply_by=dt.date(2026, 10, 9),
        first_applied=dt.date(2026, 10, 20),
        history=[
            {"at": at("2026-10-26 10:00"), "event": "accept", "state": "accepted", "role": "officer", "by": "officer"}
        ],
    )
    number = make("510603", dt.date(1960, 5, 6), 102)
    kin = {"id_number": number, "name": "测试配偶"}
    widow = {"relation": "spouse", "account": ACCOUNT, **kin}

    async def register(first_month: str) -> Any:
        body = {"dependants": [widow], "wage": "5000.00", "document": "1号", "first_month": first_month}
        path = f"/v1/claims/{claim.id}/dependants"
        return await insurance.http.post(path, json=body, headers=insurance.officer | {"Idempotency-Key": new_id()})

    assert (await register("2026-09")).json()["type"] == "/problems/months-of-two"
    theirs: dict[str, Any] = {"own_wage": "5000", "dependants": [{"relation": "spouse"}], "kin": kin}
    months: dict[str, Any] = {"first_month": "2026-09", "last_month": "2026-10"}
    assert (await grant(insurance, claim, "dependant_pension", **theirs, **months))["payer"] == "platform"
    again = await grant(insurance, claim, "dependant_pension", **theirs, **months, expect=409)
    assert again["type"] == "/problems/already-granted"
    registered_ = await register("2026-11")
    assert registered_.status_code == 201, registered_.text
    assert (await benefit(insurance, registered_.json()["dependants"][0]["benefit_id"]))["payer"] == "fund"


async def test_the_day_of_the_application_is_that_of_the_steps(insurance: Harness, platform: str) -> None:
    """Withdrawn, it was none; made again after the term, it is late."""
    claim_id = await accident(insurance, platform, relation="employment")
    papers = ["recognition_application_form", "labour_relation_proof", "diagnosis"]
    await act(insurance, claim_id, "applications", as_platform(platform), {"papers": papers})
    await act(insurance, claim_id, "withdrawal", as_platform(platform))
    claim = await Claim.of(claim_id)
    assert claim is not None
    assert claim.first_applied is None
    yesterday = calendar.shanghai_date(clock.now()) - DAY
    claim.platform_apply_by = yesterday
    await transact(claim.put)
    again = {"papers": [*papers, "late_explanation"], "late_reason": "资料补齐后重新申请"}
    await act(insurance, claim_id, "applications", as_platform(platform), again)
    await act(insurance, claim_id, "acceptance", insurance.officer, {"late_ground": "理由正当"})
    found = (await insurance.http.get(f"/v1/claims/{claim_id}/liability", headers=insurance.officer)).json()
    assert found["late_until"] == str(yesterday + DAY)


@pytest.mark.parametrize(("paid_on", "payer"), [(dt.date(2026, 9, 1), "fund"), (dt.date(2026, 9, 5), "platform")])
async def test_premiums_unpaid_that_day_are_the_platforms(
    insurance: Harness, platform: str, paid_on: dt.date, payer: str
) -> None:
    claim = await undecided(insurance, platform, scheme="occupational_injury", cover="covered")
    bill_id = f"{platform}|2026-07"
    bill = Bill(
        id=bill_id,
        platform=platform,
        month="2026-07",
        status="overdue",
        premium=Decimal(10),
        due_on=dt.date(2026, 8, 17),
    )
    await transact(bill.put)
    await transact(Payment(id=new_id(), bill_id=bill_id, amount=Decimal(10), paid_on=paid_on, by="province").put)
    granted = await grant(insurance, claim, "medical", invoices=BILLS, account=ACCOUNT)
    assert granted["payer"] == payer


async def test_premiums_that_a_credit_pays_are_paid(insurance: Harness, platform: str) -> None:
    """A credit of an earlier bill paid 4 of 10, and 6 came in time."""
    claim = await undecided(insurance, platform, scheme="occupational_injury", cover="covered")
    bill_id, due_on = f"{platform}|2026-07", dt.date(2026, 8, 17)
    credit = SetOff(bill_id=f"{platform}|2026-06", amount=Decimal(4))
    bill = Bill(
        id=bill_id, platform=platform, month="2026-07", status="paid", premium=Decimal(10), due_on=due_on,
        set_off=[credit],
    )  # fmt: skip
    await transact(bill.put)
    await transact(Payment(id=new_id(), bill_id=bill_id, amount=Decimal(6), paid_on=due_on, by="province").put)
    granted = await grant(insurance, claim, "medical", invoices=BILLS, account=ACCOUNT)
    assert granted["payer"] == "fund"


async def test_only_officers_of_the_district_decide(insurance: Harness, platform: str) -> None:
    claim = await undecided(insurance, platform)
    path = f"/v1/claims/{claim.id}/liability"
    headers = {"If-Match": '"0"'}
    body = {"insured": True, "ground": GROUND}
    foreign = bearer("officer", department="hrss", district="510681")
    for who, status in ((as_platform(platform), 403), (foreign, 404)):
        assert (await insurance.http.get(path, headers=who)).status_code == status
        assert (await insurance.http.put(path, json=body, headers=who | headers)).status_code == status
    stale = await insurance.http.put(path, json=body, headers=insurance.officer | {"If-Match": '"7"'})
    assert stale.status_code == 412
