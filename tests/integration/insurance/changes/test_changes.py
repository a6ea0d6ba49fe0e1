"""Death, absence, relapse, retirement, another grade, stops, third parties: what each does to benefits (工伤保险条例 art. 33-42)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import pytest

from services.insurance.benefits import payments
from services.insurance.benefits.documents import Benefit
from services.insurance.claims.documents import Claim
from services.insurance.recoveries.documents import Recovery
from shared.contracts.insurance import BenefitEnded, BenefitGranted, RecoveryOpened, RecoveryProposed
from shared.ids import new_id
from shared.policy.calendar import months_after
from shared.policy.parameters import Parameters
from shared.policy.rows import parse, read_all
from shared.storage.client import collection_of
from tests.harness import Harness, bearer, eventually
from tests.integration.insurance.after import assess, days_ago, month, paid_in, present, recognised, record, today
from tests.integration.insurance.facts import new_platform
from tests.integration.insurance.recognised import ACCOUNT, benefit, grant, in_state, make_due, timer_set
from tests.unit.identity.numbers import make

KIN = {"id_number": make("510603", dt.date(1960, 5, 6), 102), "name": "测试配偶"}
WIDOW = {"relation": "spouse", **KIN, "account": ACCOUNT}


@pytest.fixture
def platform() -> str:
    return new_platform()


async def told(insurance: Harness, kind: Any, claim: Claim) -> list[Any]:
    return [fact for fact in await insurance.told(kind) if fact.claim_id == claim.id]


async def paid_month(insurance: Harness, granted: Any, wanted: str) -> Any:
    """The payment of that month, once it was made."""

    async def look() -> Any:
        found = await benefit(insurance, granted["benefit_id"])
        return next((one for one in found["payments"] if one["month"] == wanted), None)

    return await eventually(look)


async def pay(insurance: Harness, granted: Any, amount: str) -> Any:
    path = f"/v1/benefits/{granted['benefit_id']}/payments"
    answer = await insurance.http.post(path, json={"amount": amount, "on": str(today())}, headers=insurance.officer)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def dependants(insurance: Harness, claim: Claim, *, expect: int = 201, **terms: Any) -> Any:
    path = f"/v1/claims/{claim.id}/dependants"
    body = {"dependants": [WIDOW], "wage": "5000.00", "document": "核定书1号"} | terms
    answer = await insurance.http.post(path, json=body, headers=insurance.officer)
    assert answer.status_code == expect, answer.text
    return answer.json()


async def severely_injured(insurance: Harness, platform: str, **changes: Any) -> tuple[Claim, Any]:
    """A worker of grade 4 with a wage of 5000, who draws 75 % of it: 3750 a month."""
    claim = await recognised(insurance, platform, **({"grade": 4} | changes))
    await paid_in(claim, "5000.00")
    granted = await grant(insurance, claim, "disability_allowance", account=ACCOUNT, first_month=present())
    assert granted["amount"] == "3750.00"
    await in_state(insurance, granted["benefit_id"], "paid")
    return claim, granted


async def test_the_own_wage_is_taken_from_what_was_paid_in(insurance: Harness, platform: str) -> None:
    """Grade 7: 13 months of the average of 3 contributions of 5000: 65000.00, though nobody has the area's average wage."""
    claim = await recognised(insurance, platform, grade=7)
    await paid_in(claim, "5000.00", months=3)
    granted = await grant(insurance, claim, "disability_lump", account=ACCOUNT)
    assert (granted["amount"], granted["state"]) == ("65000.00", "granted")
    assert (granted["basis"]["own_wage"], granted["basis"]["own_wage_from"]) == ("5000.00", "contributions")
    assert "work_injury.own_wage_months" in [one["key"] for one in granted["used"]]
    none = await recognised(insurance, new_platform(), grade=7)
    refused = await grant(insurance, none, "disability_lump", account=ACCOUNT, expect=422)
    assert refused["type"] == "/problems/own-wage-missing"


async def test_costs_of_treatment_are_paid_by_kind(insurance: Harness, platform: str) -> None:
    claim = await recognised(insurance, platform)
    bill: dict[str, Any] = {"invoices": [{"amount": "800.00", "excluded": "50.50"}], "account": ACCOUNT}
    assert (await grant(insurance, claim, "rehabilitation", **bill))["amount"] == "749.50"
    refused = await grant(insurance, claim, "assistive_device", **bill, expect=422)
    assert refused["type"] == "/problems/not-confirmed"
    assert (await grant(insurance, claim, "assistive_device", **bill, confirmed=True))["amount"] == "749.50"
    meals = await grant(insurance, claim, "hospital_meals", account=ACCOUNT, days=10)
    assert (meals["state"], meals["missing"]) == ("open", "benefit.hospital_meals_daily")
    travel = await grant(insurance, claim, "travel", account=ACCOUNT, days=2, confirmed=True)
    assert (travel["state"], travel["missing"]) == ("open", "benefit.travel_daily")
    covered = await recognised(insurance, new_platform(), scheme="occupational_injury", cover="covered")
    assert (await grant(insurance, covered, "rehabilitation", **bill))["payer"] == "fund"
    refused = await grant(insurance, covered, "pension_difference", account=ACCOUNT, expect=422)
    assert refused["type"] == "/problems/no-such-benefit"


async def test_suspended_pay_ends_when_a_grade_is_found(insurance: Harness, platform: str) -> None:
    claim = await recognised(insurance, platform, occurred_at=days_ago(40))
    first = month(-1)
    granted = await grant(insurance, claim, "suspended_pay", pay="6000.00", first_month=first)
    assert granted["last_month"] > present()
    await assess(insurance, claim, 8)

    async def ended() -> Any:
        found = await benefit(insurance, granted["benefit_id"])
        return found if found["ends_for"] == "assessed" else None

    found = await eventually(ended)
    assert found["last_month"] == present()
    [fact] = await told(insurance, BenefitEnded, claim)
    assert (fact.ended_for, fact.last_month) == ("assessed", present())
    await pay(insurance, granted, "6000.00")
    await eventually(lambda: granted_month(insurance, granted, present()))
    await pay(insurance, granted, "6000.00")
    await insurance.settled()
    assert not await timer_set("benefit_month", granted["benefit_id"])
    again = await grant(insurance, claim, "suspended_pay", pay="6000.00", first_month=first, last_month=month(0))
    assert again["last_month"] == present()  # it had ended, and no later month is granted


async def granted_month(insurance: Harness, granted: Any, wanted: str) -> bool:
    found = await benefit(insurance, granted["benefit_id"])
    return bool(found["state"] == "granted" and found["month"] == wanted)


async def test_an_assessment_without_a_grade_ends_no_pay(insurance: Harness, platform: str) -> None:
    claim = await recognised(insurance, platform)
    granted = await grant(insurance, claim, "suspended_pay", pay="6000.00", first_month="2026-09")
    await assess(insurance, claim, None)
    await insurance.settled()
    assert (await benefit(insurance, granted["benefit_id"]))["ends_for"] is None


async def test_what_goes_by_grade_follows_the_provinces(insurance: Harness, platform: str) -> None:
    """Grade 4 to 2: from the next month 85 % of 5000 = 4250; of the lump sum 25 - 21 = 4 months = 20000 are still due."""
    claim = await recognised(insurance, platform)
    await paid_in(claim, "5000.00")
    await assess(insurance, claim, 4, nursing="partial")
    allowance = await grant(insurance, claim, "disability_allowance", account=ACCOUNT, first_month=present())
    lump = await grant(insurance, claim, "disability_lump", account=ACCOUNT)
    assert (allowance["amount"], lump["amount"]) == ("3750.00", "105000.00")
    await in_state(insurance, allowance["benefit_id"], "paid")
    await in_state(insurance, lump["benefit_id"], "paid")
    await assess(insurance, claim, 2, "again")

    async def raised() -> bool:
        return bool((await benefit(insurance, allowance["benefit_id"]))["amount"] == "4250.00")

    await eventually(raised)
    await make_due("benefit_month", allowance["benefit_id"])
    assert (await paid_month(insurance, allowance, month(1)))["amount"] == "4250.00"
    more = await grant(insurance, claim, "disability_lump", account=ACCOUNT)
    assert more["amount"] == "20000.00"
    await in_state(insurance, more["benefit_id"], "paid")
    refused = await grant(insurance, claim, "disability_lump", account=ACCOUNT, expect=409)
    assert refused["type"] == "/problems/already-granted"


async def test_an_allowance_ends_with_a_grade_that_gives_none(insurance: Harness, platform: str) -> None:
    claim = await recognised(insurance, platform)
    await paid_in(claim, "5000.00")
    await assess(insurance, claim, 3)
    allowance = await grant(insurance, claim, "disability_allowance", account=ACCOUNT, first_month=present())
    await in_state(insurance, allowance["benefit_id"], "paid")
    await assess(insurance, claim, 6, "again")
    stopped = await in_state(insurance, allowance["benefit_id"], "stopped")
    assert (stopped["ends_for"], stopped["last_month"]) == ("regraded", present())
    refused = await grant(insurance, claim, "employer_allowance", expect=422)
    assert refused["type"] == "/problems/work-offered"
    own = await grant(insurance, claim, "employer_allowance", no_fitting_work=True)
    assert (own["payer"], own["amount"]) == ("platform", "3000.00")
    refused = await grant(insurance, claim, "leaving_medical", account=ACCOUNT, leaving="expired", expect=422)
    assert refused["type"] == "/problems/leaving-does-not-fit"
    leaving = await grant(insurance, claim, "leaving_medical", account=ACCOUNT, leaving="own_request")
    assert leaving["missing"] == "work_injury.leaving_medical_months"


async def test_a_severely_injured_workers_death_gives_no_lump_sum(insurance: Harness, platform: str) -> None:
    """Of whatever cause, after the time of suspended work: funeral grant and pensions (art. 39, 3)."""
    claim, granted = await severely_injured(insurance, platform, occurred_at=days_ago(400))
    known = await record(insurance, claim, "death", on=today(), of_injury=False)
    assert (known["life"], known["deaths"][0]["kind"]) == ("dead", "severe_after")
    stopped = await in_state(insurance, granted["benefit_id"], "stopped")
    assert (stopped["ends_for"], stopped["last_month"]) == ("died", present())
    refused = await grant(insurance, claim, "death_lump", account=ACCOUNT, kin=KIN, expect=422)
    assert refused["type"] == "/problems/death-does-not-fit"
    funeral = await grant(insurance, claim, "funeral", account=ACCOUNT, kin=KIN)
    assert funeral["missing"] == "wage.average_monthly"
    file = await dependants(insurance, claim, first_month=present())
    assert file["dependants"][0]["amount"] == "2000.00"
    await record(insurance, claim, "death", on=today(), of_injury=False, expect=409)


@pytest.mark.parametrize(("of_injury", "kind"), [(True, "while_suspended"), (False, "outside")])
async def test_a_death_within_suspended_work_counts_if_of_the_injury(
    insurance: Harness, platform: str, of_injury: bool, kind: str
) -> None:
    claim = await recognised(insurance, platform, occurred_at=days_ago(60))
    pay_ = await grant(insurance, claim, "suspended_pay", pay="6000.00", first_month=month(-1))
    known = await record(insurance, claim, "death", on=today(), of_injury=of_injury)
    assert known["deaths"][0]["kind"] == kind
    assert (await benefit(insurance, pay_["benefit_id"]))["last_month"] == present()
    status = 201 if of_injury else 422
    await grant(insurance, claim, "death_lump", account=ACCOUNT, kin=KIN, expect=status)
    await dependants(insurance, claim, expect=status)


def missing_since() -> dt.date:
    """The first day of the month five months ago."""
    return months_after(today().replace(day=1), -5)


async def missing(insurance: Harness, platform: str) -> Claim:
    since = missing_since()
    noon = dt.datetime.combine(since, dt.time(4), dt.UTC)
    claim = await recognised(insurance, platform, occurred_at=noon)
    known = await record(insurance, claim, "absence", since=since)
    assert known["life"] == "missing"
    return claim


async def test_a_missing_workers_pay_goes_on_for_three_months(insurance: Harness, platform: str) -> None:
    """Then dependants draw pensions from the fourth; in hardship half of the death grant is advanced (art. 41)."""
    claim = await missing(insurance, platform)
    pay_ = await grant(insurance, claim, "missing_pay", pay="6000.00")
    assert (pay_["payer"], pay_["month"], pay_["last_month"]) == ("platform", month(-5), month(-3))
    early = await dependants(insurance, claim, first_month=month(-3), expect=422)
    assert early["type"] == "/problems/pay-goes-on"
    file = await dependants(insurance, claim, first_month=month(-2))
    assert (file["dependants"][0]["amount"], file["dependants"][0]["first_month"]) == ("2000.00", month(-2))
    for kind in ("death_lump", "funeral"):
        assert (await grant(insurance, claim, kind, account=ACCOUNT, kin=KIN, expect=422))[
            "type"
        ] == "/problems/not-fatal"
    refused = await grant(insurance, claim, "death_advance", account=ACCOUNT, kin=KIN, expect=422)
    assert refused["type"] == "/problems/no-hardship"
    advance = await grant(insurance, claim, "death_advance", account=ACCOUNT, kin=KIN, hardship=True)
    assert advance["missing"] == "income.urban_disposable"


async def test_pay_of_suspended_work_ends_with_an_absence(insurance: Harness, platform: str) -> None:
    """By hand: hurt and missing since the same day, a wage of 6000. Its first month was paid as that of suspended work, the second is
    due: two months go on for the absence, 3 x 6000 = 18000.00 in all, and from the fourth dependants draw pensions (art. 41)."""
    noon = dt.datetime.combine(missing_since(), dt.time(4), dt.UTC)
    claim = await recognised(insurance, platform, occurred_at=noon)
    suspended = await grant(insurance, claim, "suspended_pay", pay="6000.00", first_month=month(-5))
    care = await grant(insurance, claim, "suspended_nursing", pay="3000.00", first_month=month(-5))
    await pay(insurance, suspended, "6000.00")
    await eventually(lambda: granted_month(insurance, suspended, month(-4)))
    await record(insurance, claim, "absence", since=missing_since())
    ended = await benefit(insurance, suspended["benefit_id"])
    assert (ended["state"], ended["ends_for"], ended["last_month"]) == ("stopped", "missing", month(-5))
    assert (await benefit(insurance, care["benefit_id"]))["last_month"] == month(-5)
    again = await grant(insurance, claim, "suspended_pay", pay="6000.00", first_month=month(-4), expect=422)
    assert again["type"] == "/problems/worker-missing"
    twice = await grant(insurance, claim, "missing_pay", pay="6000.00", first_month=month(-5), expect=409)
    assert twice["type"] == "/problems/pay-twice"
    goes_on = await grant(insurance, claim, "missing_pay", pay="6000.00")
    assert (goes_on["month"], goes_on["last_month"]) == (month(-4), month(-3))
    await pay(insurance, goes_on, "6000.00")
    await eventually(lambda: granted_month(insurance, goes_on, month(-3)))
    await pay(insurance, goes_on, "6000.00")
    paid = [(await benefit(insurance, one["benefit_id"]))["paid"] for one in (suspended, goes_on)]
    assert paid == ["6000.00", "12000.00"]
    file = await dependants(insurance, claim, first_month=month(-2))
    assert file["dependants"][0]["first_month"] == month(-2)
    await record(insurance, claim, "return", on=today())
    back = await grant(insurance, claim, "suspended_pay", pay="6000.00", first_month=present())
    assert back["month"] == present()


async def test_pay_that_was_not_paid_is_the_absences(insurance: Harness, platform: str) -> None:
    """Nothing was paid yet: all three months go on for the absence, and no advance is asked for the pay that has ended."""
    noon = dt.datetime.combine(missing_since(), dt.time(4), dt.UTC)
    claim = await recognised(insurance, platform, occurred_at=noon, partner=new_platform())
    suspended = await grant(insurance, claim, "suspended_pay", pay="6000.00", first_month=month(-5))
    await record(insurance, claim, "absence", since=missing_since())
    assert (await benefit(insurance, suspended["benefit_id"]))["state"] == "stopped"
    assert not await timer_set("benefit_due", suspended["benefit_id"])
    goes_on = await grant(insurance, claim, "missing_pay", pay="6000.00")
    assert (goes_on["month"], goes_on["last_month"]) == (month(-5), month(-3))


async def test_a_court_declares_dead_who_was_missing(insurance: Harness, platform: str) -> None:
    claim = await missing(insurance, platform)
    file = await dependants(insurance, claim, first_month=month(-2))
    await record(insurance, claim, "death", on=today(), of_injury=True, declared=True)
    lump = await grant(insurance, claim, "death_lump", account=ACCOUNT, kin=KIN)
    assert (lump["state"], lump["missing"]) == ("open", "income.urban_disposable")
    pension = await benefit(insurance, file["dependants"][0]["benefit_id"])
    assert (pension["ends_for"], pension["state"] == "stopped") == (None, False)
    other = await recognised(insurance, new_platform())
    await record(insurance, other, "death", on=today(), of_injury=True, declared=True, expect=409)


async def test_what_was_paid_for_a_death_comes_back_with_the_worker(insurance: Harness, platform: str) -> None:
    """Pensions end with the month; that the advance comes back is proposed to who drew it, and what was not paid yet is stopped."""
    claim = await missing(insurance, platform)
    file = await dependants(insurance, claim, first_month=month(-2))
    advance = await grant(insurance, claim, "death_advance", account=ACCOUNT, kin=KIN, hardship=True)
    path = f"/v1/benefits/{advance['benefit_id']}"
    entered = {"amount": "540000.00", "reason": "核定", "document": "1号"}
    seen = (await insurance.http.get(path, headers=insurance.officer)).headers["etag"]
    await insurance.http.put(f"{path}/amount", json=entered, headers={**insurance.officer, "If-Match": seen})
    await in_state(insurance, advance["benefit_id"], "paid")
    await record(insurance, claim, "death", on=today(), of_injury=True, declared=True)
    lump = await grant(insurance, claim, "death_lump", account=ACCOUNT, kin=KIN)
    known = await record(insurance, claim, "return", on=today())
    assert (known["life"], known["absences"][0]["returned_on"]) == ("alive", str(today()))
    [proposed] = await told(insurance, RecoveryProposed, claim)
    assert (proposed.to_recover, proposed.reason) == ("540000.00", "returned_alive")
    assert (await benefit(insurance, lump["benefit_id"]))["state"] == "stopped"
    pension = await benefit(insurance, file["dependants"][0]["benefit_id"])
    assert (pension["ends_for"], pension["last_month"]) == ("returned", present())
    await record(insurance, claim, "return", on=today(), expect=409)
    refused = await grant(insurance, claim, "funeral", account=ACCOUNT, kin=KIN, expect=422)
    assert refused["type"] == "/problems/not-fatal"


async def test_a_grant_on_its_way_at_a_return_comes_back(insurance: Harness, platform: str) -> None:
    """The order was out when the worker came back: once it is paid it is claimed back like what was paid before."""
    claim = await missing(insurance, platform)
    await record(insurance, claim, "death", on=today(), of_injury=True, declared=True)
    lump = await grant(insurance, claim, "death_lump", account=ACCOUNT, kin=KIN)
    stored = collection_of(Benefit)
    on_its_way = {"state": "ordered", "amount": "900000.00", "missing": None}
    await stored.update_one({"_id": lump["benefit_id"]}, {"$set": on_its_way})
    await record(insurance, claim, "return", on=today())
    assert await told(insurance, RecoveryProposed, claim) == []
    paid = {"month": None, "amount": "900000.00", "paid_on": str(today()), "source": "fund", "by": "province"}
    await stored.update_one({"_id": lump["benefit_id"]}, {"$set": {"state": "paid", "payments": [paid]}})
    await make_due("benefit_end", lump["benefit_id"])

    async def proposed() -> Any:
        return await told(insurance, RecoveryProposed, claim)

    [found] = await eventually(proposed)
    assert (found.benefit_id, found.to_recover) == (lump["benefit_id"], "900000.00")


async def test_a_relapse_gives_pay_and_treatment_again(insurance: Harness, platform: str) -> None:
    """The pay of a first year that is over stands in nobody's way; the year counts from the relapse (art. 38)."""
    claim = await recognised(insurance, platform, occurred_at=days_ago(500))
    late = await grant(insurance, claim, "suspended_pay", pay="6000.00", first_month=present(), expect=422)
    assert late["type"] == "/problems/no-month-left"
    known = await record(insurance, claim, "relapses", since=today())
    assert known["relapses"][0]["since"] == str(today())
    granted = await grant(insurance, claim, "suspended_pay", pay="6000.00", first_month=present())
    assert granted["last_month"] == month(11)
    bills = [{"amount": "300.00"}]
    assert (await grant(insurance, claim, "medical", account=ACCOUNT, invoices=bills))["amount"] == "300.00"
    await record(insurance, claim, "relapses", since=today(), expect=422)


async def test_on_retirement_the_difference_to_the_pension_is_paid(insurance: Harness, platform: str) -> None:
    """3750 of allowance, 3000.50 of pension: 749.50 a month from the next month on (art. 35, 1, 3)."""
    claim, allowance = await severely_injured(insurance, platform)
    await record(insurance, claim, "retirement", on=today(), pension="3000.50")
    stopped = await in_state(insurance, allowance["benefit_id"], "stopped")
    assert (stopped["ends_for"], stopped["last_month"]) == ("retired", present())
    [granted] = [one for one in await told(insurance, BenefitGranted, claim) if one.kind == "pension_difference"]
    assert (granted.amount, granted.payer) == ("749.50", "fund")
    assert (await benefit(insurance, granted.benefit_id))["payments"] == []
    await make_due("benefit_month", granted.benefit_id)
    paid = await paid_month(insurance, {"benefit_id": granted.benefit_id}, month(1))
    assert paid["amount"] == "749.50"
    await record(insurance, claim, "retirement", on=today(), pension="3000.50", expect=409)


async def test_a_pension_that_is_no_less_leaves_no_difference(insurance: Harness, platform: str) -> None:
    claim, allowance = await severely_injured(insurance, platform)
    await record(insurance, claim, "retirement", on=today(), pension="3750.00")
    await in_state(insurance, allowance["benefit_id"], "stopped")
    assert [one for one in await told(insurance, BenefitGranted, claim) if one.kind == "pension_difference"] == []


async def test_an_employer_pays_no_allowance_after_retirement(insurance: Harness, platform: str) -> None:
    """社会保险法 art. 40 ends the allowance of whoever draws a pension, whatever the grade; the fund makes up for grades 1 to 4."""
    claim = await recognised(insurance, platform)
    await paid_in(claim, "6000.00")
    await assess(insurance, claim, 6)
    own = await grant(insurance, claim, "employer_allowance", no_fitting_work=True, first_month=present())
    assert own["amount"] == "3600.00"
    await record(insurance, claim, "retirement", on=today(), pension="3000.00")
    ended = await benefit(insurance, own["benefit_id"])
    assert (ended["last_month"], ended["ends_for"]) == (present(), "retired")
    assert [one for one in await told(insurance, BenefitGranted, claim) if one.kind == "pension_difference"] == []


async def test_benefits_stop_while_treatment_is_refused(insurance: Harness, platform: str) -> None:
    claim, allowance = await severely_injured(insurance, platform)
    await record(insurance, claim, "stops", case="bad_mood", since=today(), expect=422)
    known = await record(insurance, claim, "stops", case="refuses_treatment", since=today())
    assert known["stops"][0]["until"] is None
    await record(insurance, claim, "stops", case="refuses_treatment", since=today(), expect=409)
    await make_due("benefit_month", allowance["benefit_id"])
    await insurance.settled()
    kept = await benefit(insurance, allowance["benefit_id"])
    assert (kept["stopped_for"], len(kept["payments"])) == ("refuses_treatment", 1)
    refused = await grant(insurance, claim, "disability_lump", account=ACCOUNT, expect=422)
    assert refused["type"] == "/problems/stopped"
    await record(insurance, claim, "resumption", on=today())
    assert await timer_set("benefit_month", allowance["benefit_id"])
    await make_due("benefit_month", allowance["benefit_id"])
    assert (await paid_month(insurance, allowance, month(1)))["amount"] == "3750.00"
    await record(insurance, claim, "resumption", on=today(), expect=409)


async def test_a_month_of_a_stop_that_was_owed_is_not_paid(insurance: Harness, platform: str) -> None:
    """Stopped since the month before the one that the employer still owed: it pays this month, not that one."""
    claim = await recognised(insurance, platform, occurred_at=days_ago(100))
    pay = await grant(insurance, claim, "suspended_pay", pay="6000.00", first_month=month(-1))
    since = dt.date.fromisoformat(f"{month(-2)}-20")
    await record(insurance, claim, "stops", case="refuses_treatment", since=since)
    await record(insurance, claim, "resumption", on=today())
    shown = await benefit(insurance, pay["benefit_id"])
    assert (shown["state"], shown["month"], shown["amount"]) == ("granted", present(), "6000.00")
    assert await timer_set("benefit_due", pay["benefit_id"])


async def test_nothing_is_owed_of_a_time_that_a_stop_took(insurance: Harness, platform: str) -> None:
    claim = await recognised(insurance, platform, occurred_at=days_ago(100))
    only = month(-1)
    pay = await grant(insurance, claim, "suspended_pay", pay="6000.00", first_month=only, last_month=only)
    since = dt.date.fromisoformat(f"{month(-2)}-20")
    await record(insurance, claim, "stops", case="refuses_treatment", since=since)
    await record(insurance, claim, "resumption", on=today())
    assert (await benefit(insurance, pay["benefit_id"]))["state"] == "stopped"
    assert not await timer_set("benefit_due", pay["benefit_id"])
    [ended] = await told(insurance, BenefitEnded, claim)
    assert ended.ended_for == "last_month_paid"


async def test_no_month_of_a_stop_is_paid_after_it(insurance: Harness, platform: str) -> None:
    """Stopped two months ago with that month still owed: it is paid late, and then this month, not the one between."""
    claim = await recognised(insurance, platform, occurred_at=days_ago(100))
    pay = await grant(insurance, claim, "suspended_pay", pay="6000.00", first_month=month(-2))
    since = dt.date.fromisoformat(f"{month(-2)}-20")
    await record(insurance, claim, "stops", case="refuses_treatment", since=since)
    await record(insurance, claim, "resumption", on=today())
    path = f"/v1/benefits/{pay['benefit_id']}/payments"
    body = {"amount": "6000.00", "on": str(today())}
    headers = {**insurance.officer, "Idempotency-Key": new_id()}
    assert (await insurance.http.post(path, json=body, headers=headers)).status_code == 201

    async def later() -> Any:
        shown = await benefit(insurance, pay["benefit_id"])
        return shown if shown["state"] == "granted" else None

    assert (await eventually(later))["month"] == present()


async def test_what_earlier_months_lack_is_owed_after_an_end(insurance: Harness, platform: str) -> None:
    """This month's payment was to make up for 120 of the month before; that month is the last: the 120 are owed alone."""
    claim = await recognised(insurance, platform, occurred_at=days_ago(100))
    pay = await grant(insurance, claim, "suspended_pay", pay="6000.00", first_month=month(-1))
    path = f"/v1/benefits/{pay['benefit_id']}/payments"

    async def pays(amount: str) -> int:
        headers = {**insurance.officer, "Idempotency-Key": new_id()}
        body = {"amount": amount, "on": str(today())}
        return (await insurance.http.post(path, json=body, headers=headers)).status_code

    assert await pays("6000.00") == 201

    async def goes_on() -> bool:
        return bool((await benefit(insurance, pay["benefit_id"]))["month"] == present())

    await eventually(goes_on)
    await collection_of(Benefit).update_one({"_id": pay["benefit_id"]}, {"$set": {"arrears": "120.00"}})
    died = dt.date.fromisoformat(f"{month(-1)}-15")
    await record(insurance, claim, "death", on=died, of_injury=False)
    owed = await benefit(insurance, pay["benefit_id"])
    assert (owed["state"], owed["last_month"], owed["arrears"]) == ("granted", month(-1), "120.00")
    assert (await pays("6120.00"), await pays("120.00"), await pays("120.00")) == (422, 201, 422)


async def test_an_assessment_ends_nothing_while_benefits_are_stopped(insurance: Harness, platform: str) -> None:
    """Who had refused it is assessed: grade 3, and the benefits go on by it."""
    claim = await recognised(insurance, platform)
    await paid_in(claim, "5000.00")
    await assess(insurance, claim, 4)
    allowance = await grant(insurance, claim, "disability_allowance", account=ACCOUNT, first_month=present())
    await in_state(insurance, allowance["benefit_id"], "paid")
    await record(insurance, claim, "stops", case="refuses_assessment", since=today())
    await assess(insurance, claim, 3, "again")
    await insurance.settled()
    assert (await benefit(insurance, allowance["benefit_id"]))["ends_for"] is None


async def test_nothing_is_granted_for_months_after_the_death(insurance: Harness, platform: str) -> None:
    claim = await recognised(insurance, platform, grade=2, nursing="full", occurred_at=days_ago(100))
    died = dt.date.fromisoformat(f"{month(-1)}-10")
    await record(insurance, claim, "death", on=died, of_injury=False)
    late = await grant(insurance, claim, "nursing", account=ACCOUNT, kin=KIN, first_month=present(), expect=422)
    assert late["type"] == "/problems/no-month-left"
    owed = await grant(insurance, claim, "nursing", account=ACCOUNT, kin=KIN, first_month=month(-2))
    assert (owed["month"], owed["last_month"]) == (month(-2), month(-1))


async def test_a_worker_draws_one_allowance_of_two_injuries(insurance: Harness, platform: str) -> None:
    """That by the latest grade (art. 45): the earlier one is stopped first."""
    _, earlier = await severely_injured(insurance, platform)
    later = await recognised(insurance, platform, grade=2, worker_ref="w2")
    asked: dict[str, Any] = {"account": ACCOUNT, "first_month": present(), "own_wage": "5000"}
    refused = await grant(insurance, later, "disability_allowance", **asked, expect=409)
    assert refused["type"] == "/problems/draws-another"
    path = f"/v1/benefits/{earlier['benefit_id']}"
    seen = (await insurance.http.get(path, headers=insurance.officer)).headers["etag"]
    stop = {"reason": "再次发生工伤，按新等级享受"}
    await insurance.http.put(f"{path}/stop", json=stop, headers={**insurance.officer, "If-Match": seen})
    assert (await grant(insurance, later, "disability_allowance", **asked))["state"] == "open"


async def test_care_while_work_is_suspended_is_the_employers(insurance: Harness, platform: str) -> None:
    claim = await recognised(insurance, platform, occurred_at=days_ago(40))
    granted = await grant(insurance, claim, "suspended_nursing", pay="3000.00", first_month=month(-1))
    assert (granted["payer"], granted["amount"]) == ("platform", "3000.00")
    await assess(insurance, claim, 2)

    async def ended() -> bool:
        return bool((await benefit(insurance, granted["benefit_id"]))["ends_for"] == "assessed")

    await eventually(ended)


async def test_the_fund_claims_back_from_a_third_party(insurance: Harness, platform: str) -> None:
    """Of bills of 1000 the third party has paid 400 and refuses the rest: the fund pays 600 and claims it (社会保险法 art. 42)."""
    claim = await recognised(insurance, platform)
    bill: dict[str, Any] = {"invoices": [{"amount": "1000.00"}], "account": ACCOUNT}
    granted = await grant(insurance, claim, "medical", **bill, third_party="refuses", third_party_paid="400.00")
    assert (granted["amount"], granted["third_party"]) == ("600.00", "refuses")
    await in_state(insurance, granted["benefit_id"], "paid")

    async def claimed() -> Any:
        return await told(insurance, RecoveryOpened, claim)

    [opened] = await eventually(claimed)
    assert (opened.to_recover, opened.debtor, opened.reason) == ("600.00", "third_party", "third_party_liable")
    await insurance.settled()
    assert await Recovery.find({"benefit_id": granted["benefit_id"]}).count() == 1
    refused = await grant(insurance, claim, "rehabilitation", **bill, third_party="unknown", expect=422)
    assert refused["type"] == "/problems/not-medical"
    refused = await grant(
        insurance, claim, "medical", **bill, third_party="refuses", third_party_paid="1000", expect=422
    )
    assert refused["type"] == "/problems/third-party-paid"


async def test_a_veterans_old_wound_gives_no_lump_sum(insurance: Harness, platform: str) -> None:
    claim = await recognised(insurance, platform, grade=5, reasons=["veteran_relapse"])
    await paid_in(claim, "5000.00")
    refused = await grant(insurance, claim, "disability_lump", account=ACCOUNT, expect=422)
    assert refused["type"] == "/problems/no-lump"


def law_with(**figures: str) -> Parameters:
    """The real parameters with these rows: the key with `__` for its dots."""
    declared = read_all()
    for name, row in figures.items():
        key = name.replace("__", ".")
        text = f"{key}:\n  title: 试\n  description: A trial.\n  unit: {declared[key].unit}\n  rows: {row}\n"
        declared |= {parameter.key: parameter for parameter in parse(text)}
    return Parameters(declared.values())


async def test_a_running_pension_grows_by_the_years_factor(
    insurance: Harness, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """3750 x 1.045 = 3918.75 from last month on; told late, so that last month's 168.75 and this one's are made up next month."""
    claim = await recognised(insurance, platform, grade=4, occurred_at=days_ago(100))
    await paid_in(claim, "5000.00")
    granted = await grant(insurance, claim, "disability_allowance", account=ACCOUNT, first_month=month(-2))
    await paid_month(insurance, granted, present())
    row = f"[{{value: {{disability_allowance: '1.045'}}, from: {month(-1)}-01, source: {{document: 试验}}, verified: true}}]"
    monkeypatch.setattr(payments, "parameters", law_with(benefit__yearly_factor=row))
    await make_due("benefit_month", granted["benefit_id"])
    paid = await paid_month(insurance, granted, month(1))
    assert (paid["amount"], paid["arrears"]) == ("4256.25", "337.50")
    await make_due("benefit_month", granted["benefit_id"])
    assert (await paid_month(insurance, granted, month(2)))["amount"] == "3918.75"


async def test_no_month_is_paid_less_than_its_minimum_wage(
    insurance: Harness, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """75 % of 3000 = 2250; a minimum wage of 2400 that is told late raises last month and this one by 150 each."""
    claim = await recognised(insurance, platform, grade=4, occurred_at=days_ago(100))
    await paid_in(claim, "3000.00")
    granted = await grant(insurance, claim, "disability_allowance", account=ACCOUNT, first_month=month(-2))
    assert granted["amount"] == "2250.00"
    await paid_month(insurance, granted, present())
    row = (
        f"[{{value: '2200', from: 2022-01-01, to: {months_after(today().replace(day=1), -1) - dt.timedelta(days=1)},"
        " source: {document: 试验}, verified: true},"
        f" {{value: '2400', from: {month(-1)}-01, source: {{document: 试验}}, verified: true}}]"
    )
    monkeypatch.setattr(payments, "parameters", law_with(minimum_wage__monthly=row))
    await make_due("benefit_month", granted["benefit_id"])
    paid = await paid_month(insurance, granted, month(1))
    assert (paid["amount"], paid["arrears"]) == ("2700.00", "300.00")


async def test_who_may_see_and_record_what_has_become_of_somebody(insurance: Harness, platform: str) -> None:
    claim = await recognised(insurance, platform)
    path = f"/v1/claims/{claim.id}/entitlement"
    me = bearer("worker", worker_id=f"person-{platform}")
    assert (await insurance.http.get(path, headers=me)).status_code == 404
    await record(insurance, claim, "relapses", since=today())
    for who, status in (
        (me, 200),
        (bearer("worker", worker_id="somebody"), 404),
        (bearer("officer", department="hrss", district="510681"), 404),
        (bearer("platform", uscc=platform), 403),
    ):
        assert (await insurance.http.get(path, headers=who)).status_code == status

    async def post(headers: dict[str, str]) -> httpx2.Response:
        body = {"since": str(today()), "document": "1号"}
        return await insurance.http.post(f"{path}/absence", json=body, headers={**headers, "Idempotency-Key": new_id()})

    assert (await post(me)).status_code == 403
    assert (await post(bearer("officer", department="hrss", district="510681"))).status_code == 404
    await collection_of(Claim).update_one({"_id": claim.id}, {"$set": {"recognised": False}})
    assert (await post(insurance.officer)).json()["type"] == "/problems/not-recognised"
