"""What nobody has reaches a person's list; what the person enters, with its document, is calculated with and paid."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.insurance.benefits import payments
from services.insurance.benefits.documents import Benefit
from services.insurance.benefits.migrations import WAITS
from services.insurance.claims.documents import Claim
from shared.contracts.insurance import BenefitAdjusted, BenefitGranted
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.harness import Harness, bearer, eventually
from tests.integration.insurance.after import assess, month, present, recognised
from tests.integration.insurance.facts import new_platform
from tests.integration.insurance.recognised import ACCOUNT, benefit, grant, in_state, recognised_claim
from tests.unit.identity.numbers import make

DOCUMENT = "德阳市2025年平均工资公告"
WAGE, MEALS = "wage.average_monthly", "benefit.hospital_meals_daily"
KIN = {"id_number": make("510603", dt.date(1960, 5, 6), 102), "name": "测试配偶"}


@pytest.fixture
def platform() -> str:
    return new_platform()


async def enter(insurance: Harness, benefit_id: str, key: str, value: str, expect: int = 200, **more: Any) -> Any:
    path = f"/v1/benefits/{benefit_id}"
    seen = await insurance.http.get(path, headers=insurance.officer)
    headers = {**insurance.officer, "If-Match": seen.headers["etag"]}
    body = {"key": key, "value": value, "document": DOCUMENT} | more
    answer = await insurance.http.put(f"{path}/values", json=body, headers=headers)
    assert answer.status_code == expect, answer.text
    return answer.json()


async def waiting(insurance: Harness, claim: Claim, **who: str) -> dict[str, list[str]]:
    """The kinds that wait for a person, with the values that they wait for."""
    path = f"/v1/benefits?waits=true&claim={claim.id}&limit=50"
    listed = (await insurance.http.get(path, headers=who or insurance.officer)).json()["items"]
    return {one["kind"]: [awaited["key"] for awaited in one["awaits"]] for one in listed}


async def test_every_kind_without_a_value_is_listed(insurance: Harness, platform: str) -> None:
    """For officers of the district; what is known of the sum stands beside what is missing."""
    claim = await recognised(insurance, platform)
    await assess(insurance, claim, 8, nursing="most")
    for kind, more in (
        ("disability_lump", {"own_wage": "3000.00"}),
        ("nursing", {}),
        ("leaving_medical", {"leaving": "expired"}),
        ("leaving_employment", {"leaving": "expired"}),
        ("hospital_meals", {"days": 18}),
        ("travel", {"days": 3, "confirmed": True}),
    ):
        await grant(insurance, claim, kind, account=ACCOUNT, **more)
    percent = "work_injury.leaving_percent"
    listed = await waiting(insurance, claim)
    assert listed == {
        "disability_lump": [WAGE],
        "nursing": [WAGE],
        "leaving_medical": ["work_injury.leaving_medical_months", percent, WAGE],
        "leaving_employment": ["work_injury.leaving_employment_months", percent, WAGE],
        "hospital_meals": [MEALS],
        "travel": ["benefit.travel_daily"],
    }
    assert await waiting(insurance, claim, **bearer("officer", department="hrss", district="510681")) == {}
    dead = await recognised_claim(insurance, new_platform(), fatal=True)
    for kind in ("funeral", "death_lump"):
        await grant(insurance, dead, kind, account=ACCOUNT, kin=KIN)
    assert await waiting(insurance, dead) == {"funeral": [WAGE], "death_lump": ["income.urban_disposable"]}


async def test_what_was_granted_before_the_list_is_on_it(insurance: Harness, platform: str) -> None:
    """An open benefit of an earlier version, which did not say for what it waits, is brought onto the list, and its values entered."""
    claim = await recognised(insurance, platform, grade=8)
    leaving = await grant(insurance, claim, "leaving_employment", leaving="expired")
    await grant(insurance, claim, "hospital_meals", account=ACCOUNT, days=18)
    listed = await waiting(insurance, claim)
    before = {"$unset": {"waits": "", "awaits": "", "entered": ""}}
    await collection_of(Benefit).update_many({"claim_id": claim.id}, before)
    assert await waiting(insurance, claim) == {}
    async for row in collection_of(Benefit).find({"claim_id": claim.id}):
        await collection_of(Benefit).update_one({"_id": row["_id"], **WAITS.wanted}, {"$set": WAITS.change(row)})
    assert await waiting(insurance, claim) == listed
    for key, value in ((WAGE, "6000"), ("work_injury.leaving_employment_months", "18")):
        await enter(insurance, leaving["benefit_id"], key, value)
    entered = await enter(insurance, leaving["benefit_id"], "work_injury.leaving_percent", "40")
    assert (entered["state"], entered["amount"]) == ("granted", "43200.00")


async def test_what_is_known_stands_beside_what_is_missing(insurance: Harness, platform: str) -> None:
    claim = await recognised(insurance, platform, grade=8)
    path = f"/v1/claims/{claim.id}/benefits?preview=true"
    body = {"kind": "disability_lump", "own_wage": "3000.00"}
    preview = (await insurance.http.post(path, json=body, headers=insurance.officer)).json()
    granted = await grant(insurance, claim, "disability_lump", own_wage="3000.00", account=ACCOUNT)
    for shown in (preview, granted):
        assert shown["formula"] == "计发基数×伤残等级对应月数－此前已付金额"
        assert {"work_injury.lump_months[8]": "11"}.items() <= {
            one["key"]: one["value"] for one in shown["used"]
        }.items()
        [lacks] = shown["awaits"]
        assert (lacks["key"], lacks["title"], lacks["unit"]) == (WAGE, "统筹地区上年度职工月平均工资", "CNY/month")
        assert lacks["note"] == "no year's published figure was found"


async def test_a_sum_follows_from_the_value_that_is_entered(insurance: Harness, platform: str) -> None:
    """By hand: the own wage of 3000 is under 60 % of 6000 = 3600; grade 8 gives 11 months: 39600.00, which is paid."""
    claim = await recognised(insurance, platform, grade=8)
    granted = await grant(insurance, claim, "disability_lump", own_wage="3000.00", account=ACCOUNT)
    benefit_id = granted["benefit_id"]
    other = await enter(insurance, benefit_id, MEALS, "25", 409)
    assert other["type"] == "/problems/not-awaited"
    assert (await enter(insurance, benefit_id, WAGE, "0", 422))["type"] == "/problems/value-does-not-fit"
    entered = await enter(insurance, benefit_id, WAGE, "6000")
    assert (entered["amount"], entered["awaits"], entered["waits"]) == ("39600.00", [], False)
    [value] = entered["entered"]
    assert (value["key"], value["value"], value["document"]) == (WAGE, "6000", DOCUMENT)
    source = next(one for one in entered["used"] if one["key"] == WAGE)
    assert (source["source"], source["verified"]) == (DOCUMENT, False)
    assert (await in_state(insurance, benefit_id, "paid"))["paid"] == "39600.00"
    assert [one.amount for one in await insurance.told(BenefitGranted) if one.claim_id == claim.id] == ["39600.00"]
    assert await waiting(insurance, claim) == {}
    await enter(insurance, benefit_id, WAGE, "7000", 409)


async def test_each_value_of_several_is_entered_in_turn(insurance: Harness, platform: str) -> None:
    """18 months of 6000 = 108000, of which 40 % is left near retirement: 43200.00, the employer's to pay."""
    claim = await recognised(insurance, platform, grade=8)
    granted = await grant(insurance, claim, "leaving_employment", leaving="expired")
    benefit_id = granted["benefit_id"]
    await enter(insurance, benefit_id, WAGE, "6000")
    still = await enter(insurance, benefit_id, "work_injury.leaving_employment_months", "18")
    assert (still["state"], [one["key"] for one in still["awaits"]]) == ("open", ["work_injury.leaving_percent"])
    entered = await enter(insurance, benefit_id, "work_injury.leaving_percent", "40")
    assert (entered["state"], entered["amount"], entered["payer"]) == ("granted", "43200.00", "platform")


async def test_daily_rates_give_meals_and_travel(insurance: Harness, platform: str) -> None:
    """18 days of 25 = 450.00; fares of 312 and 3 days of 180 = 852.00."""
    claim = await recognised(insurance, platform)
    meals = await grant(insurance, claim, "hospital_meals", account=ACCOUNT, days=18)
    fares = [{"amount": "312.00"}]
    travel = await grant(insurance, claim, "travel", account=ACCOUNT, days=3, confirmed=True, invoices=fares)
    assert (await enter(insurance, meals["benefit_id"], MEALS, "25"))["amount"] == "450.00"
    assert (await enter(insurance, travel["benefit_id"], "benefit.travel_daily", "180"))["amount"] == "852.00"


async def test_a_sum_that_is_entered_whole_waits_no_more(insurance: Harness, platform: str) -> None:
    claim = await recognised(insurance, platform, grade=2, nursing="full")
    granted = await grant(insurance, claim, "nursing", account=ACCOUNT, first_month=present())
    path = f"/v1/benefits/{granted['benefit_id']}"
    seen = await insurance.http.get(path, headers=insurance.officer)
    body = {"amount": "3000.00", "reason": "核定", "document": "1号"}
    headers = {**insurance.officer, "If-Match": seen.headers["etag"]}
    assert (await insurance.http.put(f"{path}/amount", json=body, headers=headers)).json()["awaits"] == []
    assert await waiting(insurance, claim) == {}


async def test_another_grade_is_calculated_with_what_was_entered(insurance: Harness, platform: str) -> None:
    """30 % of 6000 = 1800.00; found to need care in everything: 50 % = 3000.00 from the next month on, and nobody is asked again."""
    claim = await recognised(insurance, platform)
    await assess(insurance, claim, 4, nursing="partial")
    granted = await grant(insurance, claim, "nursing", account=ACCOUNT, first_month=present())
    assert (await enter(insurance, granted["benefit_id"], WAGE, "6000"))["amount"] == "1800.00"
    await in_state(insurance, granted["benefit_id"], "paid")
    await assess(insurance, claim, 4, "again", nursing="full")

    async def raised() -> bool:
        return bool((await benefit(insurance, granted["benefit_id"]))["amount"] == "3000.00")

    await eventually(raised)
    assert await waiting(insurance, claim) == {}


async def test_a_new_grade_waits_where_the_sum_was_entered_whole(insurance: Harness, platform: str) -> None:
    claim = await recognised(insurance, platform)
    await assess(insurance, claim, 4, nursing="partial")
    granted = await grant(insurance, claim, "nursing", account=ACCOUNT, first_month=present())
    path = f"/v1/benefits/{granted['benefit_id']}"
    seen = await insurance.http.get(path, headers=insurance.officer)
    body = {"amount": "1800.00", "reason": "核定", "document": "1号"}
    await insurance.http.put(
        f"{path}/amount", json=body, headers={**insurance.officer, "If-Match": seen.headers["etag"]}
    )
    await in_state(insurance, granted["benefit_id"], "paid")
    await assess(insurance, claim, 4, "again", nursing="full")

    async def listed() -> bool:
        return await waiting(insurance, claim) == {"nursing": [WAGE]}

    await eventually(listed)
    entered = await enter(insurance, granted["benefit_id"], WAGE, "6000")
    assert (entered["amount"], entered["waits"], entered["month"]) == ("3000.00", False, present())


async def test_each_year_a_person_says_how_pensions_change(insurance: Harness, platform: str) -> None:
    """By hand: 3000.00 a month since two years ago; 1.05 from January of this year on. What was paid too little since is made up
    for, 150.00 a month, and 3150.00 paid from the next month on (工伤保险条例 art. 40)."""
    claim = await recognised(insurance, platform, grade=2, nursing="full")
    granted = await grant(insurance, claim, "nursing", account=ACCOUNT, first_month=present(), insured=False)
    benefit_id = granted["benefit_id"]
    path = f"/v1/benefits/{benefit_id}"
    seen = await insurance.http.get(path, headers=insurance.officer)
    body = {"amount": "3000.00", "reason": "核定", "document": "1号"}
    await insurance.http.put(
        f"{path}/amount", json=body, headers={**insurance.officer, "If-Match": seen.headers["etag"]}
    )
    january = f"{present()[:4]}-01"
    last = month(-1)
    before = {"month": last, "amount": "3000.00", "paid_on": f"{last}-15", "source": "platform", "by": "officer"}
    sums = [{"from_month": "2024-01", "amount": "3000.00", "grows_from": "2024-01"}]
    stored = {"state": "paid", "month": last, "first_month": "2024-01", "sums": sums, "payments": [before]}
    await collection_of(Benefit).update_one({"_id": benefit_id}, {"$set": stored})
    await transact(lambda tx: payments.begin_month(benefit_id, tx))
    assert await waiting(insurance, claim) == {"nursing": ["benefit.yearly_factor"]}
    wrong = await enter(insurance, benefit_id, "benefit.yearly_factor", "1.05", 422, from_month="2024-01")
    assert wrong["type"] == "/problems/month-not-begun"
    entered = await enter(insurance, benefit_id, "benefit.yearly_factor", "1.05", from_month=january)
    assert (entered["waits"], entered["entered"][0]["from_month"]) == (False, january)
    today = dt.date.fromisoformat(f"{present()}-01")
    paid = {"amount": entered["amount"], "on": str(today)}
    assert (await insurance.http.post(f"{path}/payments", json=paid, headers=insurance.officer)).status_code == 201
    await transact(lambda tx: payments.begin_month(benefit_id, tx))
    found = await benefit(insurance, benefit_id)
    short = 300 if last >= january else 150  # where this month is January, only its own
    assert (found["month"], found["amount"], found["arrears"]) == (month(1), "3150.00", f"{short}.00")
    told = [one for one in await insurance.told(BenefitAdjusted) if one.claim_id == claim.id]
    assert [(one.from_month, one.amount, one.arrears) for one in told][-1] == (
        month(1),
        f"{3150 + short}.00",
        f"{short}.00",
    )


async def test_only_officers_enter_what_is_missing(insurance: Harness, platform: str) -> None:
    claim = await recognised(insurance, platform, grade=8)
    granted = await grant(insurance, claim, "disability_lump", own_wage="3000.00", account=ACCOUNT)
    path = f"/v1/benefits/{granted['benefit_id']}/values"
    body = {"key": WAGE, "value": "6000", "document": DOCUMENT}
    for who, status in (
        (bearer("worker", worker_id=f"person-{platform}"), 403),
        (bearer("officer", department="hrss", district="510681"), 404),
    ):
        answer = await insurance.http.put(path, json=body, headers={**who, "If-Match": '"1"'})
        assert answer.status_code == status
