"""Several payees of one death: each with an account, orders and an end of their own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.insurance.benefits.documents import Benefit
from services.insurance.claims.documents import Claim
from services.insurance.dependants.documents import Register
from shared.contracts.insurance import BenefitAdjusted, BenefitEnded, BenefitGranted, QualificationEnded
from shared.ids import new_id
from shared.storage.client import collection_of
from tests.harness import Harness, bearer, eventually
from tests.integration.at_rest import holding
from tests.integration.insurance.after import month, paid_in, present, today
from tests.integration.insurance.facts import new_platform
from tests.integration.insurance.recognised import ACCOUNT, benefit, grant, in_state, make_due, recognised_claim
from tests.unit.identity.numbers import make


@pytest.fixture
def platform() -> str:
    return new_platform()


def relative(
    relation: str, born: dt.date, name: str, account: str, *, man: bool = False, **more: Any
) -> dict[str, Any]:
    id_number = make("510603", born, 101 if man else 102)
    return {"relation": relation, "id_number": id_number, "name": name, "account": account} | more


SPOUSE = relative("spouse", dt.date(1960, 5, 6), "测试配偶", "6217000000000000001")
FIRST = relative("child", dt.date(2015, 1, 2), "测试长子", "6217000000000000002", man=True)
SECOND = relative("child", dt.date(2018, 3, 4), "测试次女", "6217000000000000003")
MOTHER = relative("parent", dt.date(1945, 7, 8), "测试母亲", "6217000000000000004")


async def dead(insurance: Harness, platform: str) -> Claim:
    """A worker who died at once, for whom 5000 a month were paid in for a year."""
    claim = await recognised_claim(insurance, platform, fatal=True)
    await paid_in(claim, "5000.00")
    return claim


async def post(insurance: Harness, claim: Claim, what: str, body: Any, *, expect: int = 200, **who: str) -> Any:
    headers = who or {**insurance.officer, "Idempotency-Key": new_id()}
    answer = await insurance.http.post(f"/v1/claims/{claim.id}/dependants{what}", json=body, headers=headers)
    assert answer.status_code == expect, answer.text
    return answer.json()


async def register(insurance: Harness, claim: Claim, *people: dict[str, Any], expect: int = 201, **terms: Any) -> Any:
    body = {"dependants": people, "first_month": present()} | terms
    return await post(insurance, claim, "", body, expect=expect)


async def told(insurance: Harness, kind: Any, claim: Claim) -> list[Any]:
    return [fact for fact in await insurance.told(kind) if fact.claim_id == claim.id]


def drawn(file: Any) -> list[str | None]:
    return [one["amount"] for one in file["dependants"]]


async def all_paid(insurance: Harness, file: Any, times: int = 1) -> list[Any]:
    """The pensions' benefits, once each was paid so often."""

    async def look() -> Any:
        found = [await benefit(insurance, one["benefit_id"]) for one in file["dependants"]]
        return found if all(len(one["payments"]) == times for one in found) else None

    return await eventually(look, 40)


async def test_each_dependant_is_paid_to_an_account_of_their_own(insurance: Harness, platform: str) -> None:
    """Wage 5000, 40 + 30 + 30 + 30 = 130 %: 5000 x 40/130 = 1538.46, 5000 x 30/130 = 1153.846; every fen of the wage is paid."""
    claim = await dead(insurance, platform)
    file = await register(insurance, claim, SPOUSE, FIRST, SECOND, MOTHER)
    assert drawn(file) == ["1538.46", "1153.85", "1153.85", "1153.84"]
    assert (file["wage"], file["monthly"]) == ("5000.00", "5000.00")
    paid = await all_paid(insurance, file)
    assert [one["orders"][0]["amount"] for one in paid] == ["1538.46", "1153.85", "1153.85", "1153.84"]
    accounts = []
    for one in paid:
        shown = (
            await insurance.http.get(f"/v1/benefits/{one['benefit_id']}/account", headers=insurance.officer)
        ).json()
        accounts.append((shown["account"], shown["name"]))
    assert accounts == [(one["account"], one["name"]) for one in (SPOUSE, FIRST, SECOND, MOTHER)]
    granted = await told(insurance, BenefitGranted, claim)
    assert [(one.kind, one.payer, one.to_kin) for one in granted] == [("dependant_pension", "fund", True)] * 4
    assert sorted(one.amount for one in granted) == ["1153.84", "1153.85", "1153.85", "1538.46"]


async def test_a_payees_end_stops_theirs_alone_and_raises_others(insurance: Harness, platform: str) -> None:
    """The mother dies: 40 + 30 + 30 = 100 %. The widow marries: the cap no longer bound, so the children's stay."""
    claim = await dead(insurance, platform)
    file = await register(insurance, claim, SPOUSE, FIRST, SECOND, MOTHER)
    await all_paid(insurance, file)
    file = await post(insurance, claim, "/4/end", {"why": "died", "on": str(today())})
    assert drawn(file)[:3] == ["2000.00", "1500.00", "1500.00"]
    assert (file["dependants"][3]["state"], file["dependants"][3]["last_month"]) == ("stopped", present())
    await post(insurance, claim, "/4/end", {"why": "died", "on": str(today())}, expect=409)
    [ended] = await told(insurance, BenefitEnded, claim)
    assert (ended.ended_for, ended.last_month) == ("died", present())
    adjusted = await told(insurance, BenefitAdjusted, claim)
    assert sorted(one.amount for one in adjusted) == ["1500.00", "1500.00", "2000.00"]
    assert {one.from_month for one in adjusted} == {month(1)}

    await post(insurance, claim, "/2/end", {"why": "remarried", "on": str(today())}, expect=422)
    file = await post(insurance, claim, "/1/end", {"why": "remarried", "on": str(today())})
    assert drawn(file)[1:3] == ["1500.00", "1500.00"]
    assert len(await told(insurance, BenefitAdjusted, claim)) == 3
    for one in file["dependants"][1:3]:
        await make_due("benefit_month", one["benefit_id"])
    for one in file["dependants"][1:3]:
        await eventually(lambda one=one: paid_for(insurance, one, month(1), "1500.00"))  # type: ignore[misc]
    assert len((await benefit(insurance, file["dependants"][3]["benefit_id"]))["payments"]) == 1


async def paid_for(insurance: Harness, one: Any, wanted: str, amount: str) -> bool:
    found = await benefit(insurance, one["benefit_id"])
    return any((paid["month"], paid["amount"]) == (wanted, amount) for paid in found["payments"])


async def test_who_comes_of_age_draws_no_more_and_others_more(insurance: Harness, platform: str) -> None:
    """The son becomes 18 this month: the last he draws. From the next, 40 + 30 = 70 %: 2000 and 1500."""
    claim = await dead(insurance, platform)
    born = dt.date(today().year - 18, today().month, 1)
    ageing = relative("child", born, "测试长子", "6217000000000000009", man=True)
    await collection_of(Claim).update_one({"_id": claim.id}, {"$set": {"occurred_at": _noon_two_months_ago()}})
    file = await register(insurance, claim, SPOUSE, ageing, SECOND, MOTHER)
    assert file["dependants"][1]["last_month"] == present()
    paid = await all_paid(insurance, file)
    assert paid[0]["amount"] == "1538.46"
    await make_due("benefit_month", paid[0]["benefit_id"])
    await eventually(lambda: paid_for(insurance, paid[0], month(1), "2000.00"))
    assert (await benefit(insurance, paid[1]["benefit_id"]))["state"] == "paid"
    await insurance.settled()
    assert len((await benefit(insurance, paid[1]["benefit_id"]))["payments"]) == 1


async def test_a_child_born_after_the_death_draws_from_its_birth(insurance: Harness, platform: str) -> None:
    """遗腹子女 (因工死亡职工供养亲属范围规定 art. 2): the spouse alone draws until then."""
    claim = await dead(insurance, platform)
    long_ago = dt.datetime.combine(today().replace(day=1), dt.time(4), dt.UTC) - dt.timedelta(days=80)
    await collection_of(Claim).update_one({"_id": claim.id}, {"$set": {"occurred_at": long_ago}})
    late = relative("child", today().replace(day=1), "测试遗腹子", "6217000000000000009", man=True)
    file = await register(insurance, claim, SPOUSE, late, first_month=month(-1))
    assert [one["first_month"] for one in file["dependants"]] == [month(-1), present()]

    async def paid() -> Any:
        found = [await benefit(insurance, one["benefit_id"]) for one in file["dependants"]]
        return [[one["month"] for one in each["payments"]] for each in found] == [[month(-1), present()], [present()]]

    await eventually(paid, 40)


def _noon_two_months_ago() -> dt.datetime:
    return dt.datetime.combine(today().replace(day=1), dt.time(4), dt.UTC) - dt.timedelta(days=20)


async def test_a_late_record_of_an_end_makes_up_for_the_others(insurance: Harness, platform: str) -> None:
    """The mother died two months ago: she is overpaid 2 x 1153.84, and the widow is owed 2 x (2000 - 1538.46) = 923.08 more."""
    claim = await dead(insurance, platform)
    await collection_of(Claim).update_one(
        {"_id": claim.id}, {"$set": {"occurred_at": dt.datetime.now(dt.UTC) - dt.timedelta(days=150)}}
    )
    terms: dict[str, Any] = {"first_month": month(-2), "wage": "5000.00", "document": "1号"}
    file = await register(insurance, claim, SPOUSE, FIRST, SECOND, MOTHER, **terms)
    paid = await all_paid(insurance, file, 3)
    died = dt.date.fromisoformat(f"{month(-2)}-15")
    file = await post(insurance, claim, "/4/end", {"why": "died", "on": str(died)})
    mother = await benefit(insurance, paid[3]["benefit_id"])
    assert (mother["state"], mother["overpaid"]) == ("stopped", "2307.68")
    await make_due("benefit_month", paid[0]["benefit_id"])
    await eventually(lambda: paid_for(insurance, paid[0], month(1), "2923.08"))
    widow = await benefit(insurance, paid[0]["benefit_id"])
    assert (widow["payments"][-1]["arrears"], widow["arrears"]) == ("923.08", "0.00")


async def test_who_joins_for_months_gone_by_leaves_others_overpaid(insurance: Harness, platform: str) -> None:
    """Widow and children were paid 2000 and 1500 for two months; with the mother 1538.46 and 1153.85 were theirs."""
    claim = await dead(insurance, platform)
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=100)
    await collection_of(Claim).update_one({"_id": claim.id}, {"$set": {"occurred_at": long_ago}})
    terms: dict[str, Any] = {"first_month": month(-1), "wage": "5000.00", "document": "1号"}
    file = await register(insurance, claim, SPOUSE, FIRST, SECOND, **terms)
    paid = await all_paid(insurance, file, 2)
    assert [one["amount"] for one in paid] == ["2000.00", "1500.00", "1500.00"]
    file = await register(insurance, claim, MOTHER, **terms)
    too_much = [(await benefit(insurance, one["benefit_id"]))["overpaid"] for one in file["dependants"]]
    assert too_much == ["923.08", "692.30", "692.30", "0.00"]


async def test_an_adjusted_share_stays_so_when_others_change(insurance: Harness, platform: str) -> None:
    """50 more for the widow by a document: 1538.46 + 50; when the mother is gone 2000 + 50. No one is stopped past the register."""
    claim = await dead(insurance, platform)
    file = await register(insurance, claim, SPOUSE, FIRST, SECOND, MOTHER)
    widow = (await all_paid(insurance, file))[0]
    path = f"/v1/benefits/{widow['benefit_id']}"

    async def put(what: str, body: Any) -> Any:
        seen = (await insurance.http.get(path, headers=insurance.officer)).headers["etag"]
        return await insurance.http.put(f"{path}/{what}", json=body, headers={**insurance.officer, "If-Match": seen})

    adjusted = await put("adjustment", {"amount": "1588.46", "reason": "年度调整", "document": "某号"})
    assert adjusted.json()["amount"] == "1588.46"
    assert (await put("stop", {"reason": "误"})).status_code == 409
    file = await post(insurance, claim, "/4/end", {"why": "died", "on": str(today())})
    assert drawn(file)[:3] == ["2050.00", "1500.00", "1500.00"]


async def test_the_yearly_check_ends_one_and_raises_others(insurance: Harness, platform: str) -> None:
    """The mother is found to have died: 40 + 30 + 30 = 100 % of 5000 from the next month on."""
    claim = await dead(insurance, platform)
    file = await register(insurance, claim, SPOUSE, FIRST, SECOND, MOTHER)
    await all_paid(insurance, file)
    mother = file["dependants"][3]["benefit_id"]
    await insurance.publish(
        QualificationEnded(
            check_id=new_id(), worker_id=f"person-{platform}", due_on=today(), ended_on=today(), paid_through=present(),
            benefits=(mother,), to_kin=True, kin=(),
        )
    )  # fmt: skip

    async def stopped() -> Any:
        path = f"/v1/claims/{claim.id}/dependants"
        shown = (await insurance.http.get(path, headers=insurance.officer)).json()
        ended = shown["dependants"][3]
        return shown if ended["state"] == "stopped" and ended["ended_for"] else None

    shown = await eventually(stopped)
    assert drawn(shown)[:3] == ["2000.00", "1500.00", "1500.00"]
    assert (shown["dependants"][3]["last_month"], shown["dependants"][3]["ended_for"]) == (present(), "stopped")
    [ended] = await told(insurance, BenefitEnded, claim)
    assert (ended.benefit_id, ended.ended_for) == (mother, "entitlement_ended")


async def test_a_guardian_is_paid_and_told_for_a_child(insurance: Harness, platform: str) -> None:
    claim = await dead(insurance, platform)
    guardian = {"id_number": SPOUSE["id_number"], "name": "测试监护", "phone": "13800000031"}
    file = await register(insurance, claim, FIRST | {"payee": guardian})
    shown = await in_state(insurance, file["dependants"][0]["benefit_id"], "paid")
    assert (shown["payee"], file["dependants"][0]["name"]) == ("测***", "测***")
    [granted] = await told(insurance, BenefitGranted, claim)
    assert granted.kin == (f"{granted.benefit_id}:k1",)


async def test_whoever_is_no_dependant_gets_nothing(insurance: Harness, platform: str) -> None:
    claim = await dead(insurance, platform)
    grown = relative("child", dt.date(2000, 1, 1), "测试成年", ACCOUNT)
    young = relative("spouse", dt.date(1990, 1, 1), "测试青年", ACCOUNT)
    for one in (grown, young, FIRST | {"relation": "sibling"}):
        refused = await register(insurance, claim, one, expect=422)
        assert refused["type"] == "/problems/not-a-dependant"
    other = relative("spouse", dt.date(1958, 1, 1), "测试另一", ACCOUNT)
    assert (await register(insurance, claim, SPOUSE, other, expect=422))["type"] == "/problems/two-spouses"
    assert await Benefit.find({"claim_id": claim.id}).to_list() == []
    alive = await recognised_claim(insurance, new_platform())
    assert (await register(insurance, alive, SPOUSE, own_wage="5000", expect=422))["type"] == "/problems/not-fatal"


async def test_a_dependant_draws_once_and_joins_the_others(insurance: Harness, platform: str) -> None:
    """One who joins cuts the shares of those who are there where the cap binds: 40 + 30 + 30 = 100 %, then 130 %."""
    claim = await dead(insurance, platform)
    await register(insurance, claim, SPOUSE, FIRST, SECOND)
    assert (await register(insurance, claim, FIRST, expect=409))["type"] == "/problems/already-granted"
    refused = await grant(insurance, claim, "dependant_pension", account=ACCOUNT, dependants=[{"relation": "other"}],
                          kin={"id_number": MOTHER["id_number"], "name": "测试母亲"}, expect=409)  # fmt: skip
    assert refused["type"] == "/problems/already-granted"
    file = await register(insurance, claim, MOTHER, first_month=present())
    assert file["monthly"] is not None
    assert file["dependants"][3]["amount"] == "1153.84"
    ends = await post(insurance, claim, "/2/end", {"why": "adopted", "on": str(today())})
    twice = await register(insurance, claim, FIRST, first_month=present(), expect=422)
    assert twice["type"] == "/problems/months-drawn"
    await post(insurance, claim, "/3/end", {"why": "adopted", "on": f"{month(-1)}-28"})
    again = await register(insurance, claim, SECOND, first_month=present())
    assert ends["dependants"][1]["ended_for"] == "adopted"
    assert [one["number"] for one in again["dependants"]] == [1, 2, 3, 4, 5]


async def test_a_child_left_alone_draws_more(insurance: Harness, platform: str) -> None:
    """An orphan's 30 + 10 = 40 % of 5000 from the next month on."""
    claim = await dead(insurance, platform)
    file = await register(insurance, claim, FIRST)
    await all_paid(insurance, file)
    body = {"lone": True, "incapacitated": False, "since": month(1)}
    changed = await post(insurance, claim, "/1/changes", body)
    assert (changed["dependants"][0]["percent"], changed["dependants"][0]["amount"]) == ("40", "2000.00")
    assert changed["dependants"][0]["last_month"] == "2033-01"
    whole = await post(insurance, claim, "/1/changes", body | {"incapacitated": True})
    assert whole["dependants"][0]["last_month"] is None
    await post(insurance, claim, "/1/changes", body | {"since": "2020-01"}, expect=422)
    await post(insurance, claim, "/7/changes", body, expect=404)


async def test_where_nobody_knows_the_wage_a_person_enters_it(insurance: Harness, platform: str) -> None:
    claim = await recognised_claim(insurance, platform, fatal=True)
    open_ = await register(insurance, claim, SPOUSE, own_wage="5000")
    assert (open_["wage"], open_["missing"], drawn(open_)) == (None, "wage.average_monthly", [None])
    other = await recognised_claim(insurance, new_platform(), fatal=True)
    assert (await register(insurance, other, SPOUSE, wage="4000.00", expect=422))[
        "type"
    ] == "/problems/document-missing"
    found = await register(insurance, other, SPOUSE, wage="4000.00", document="核定书1号")
    assert drawn(found) == ["1600.00"]


async def test_what_a_register_says_of_persons_is_nobody_elses(insurance: Harness, platform: str) -> None:
    claim = await dead(insurance, platform)
    await register(insurance, claim, SPOUSE, FIRST)
    path = f"/v1/claims/{claim.id}/dependants"
    shown = (await insurance.http.get(path, headers=insurance.officer)).json()
    assert shown["dependants"][0]["name"] == "测***"
    elsewhere = bearer("officer", department="hrss", district="510681")
    assert (await insurance.http.get(path, headers=elsewhere)).status_code == 404
    await post(insurance, claim, "/1/end", {"why": "died", "on": str(today())}, expect=404,
               **elsewhere, **{"Idempotency-Key": new_id()})  # fmt: skip
    for role, claims in (("worker", {"worker_id": f"person-{platform}"}), ("platform", {"uscc": platform})):
        assert (await insurance.http.get(path, headers=bearer(role, **claims))).status_code == 403
    for text in (SPOUSE["id_number"], "测试配偶", SPOUSE["account"]):
        assert await holding(text) == []
    assert await Register.find({"_id": claim.id}).count() == 1


async def test_a_wage_that_nobody_could_tell_is_divided_once_it_is(insurance: Harness, platform: str) -> None:
    """By hand: the own wage of 3000 is under 60 % of 6000 = 3600: 40 % = 1440.00 for the widow, 30 % = 1080.00 for the child."""
    claim = await recognised_claim(insurance, platform, fatal=True)
    file = await register(insurance, claim, SPOUSE, FIRST, own_wage="3000.00")
    assert (file["missing"], drawn(file)) == ("wage.average_monthly", [None, None])
    path = f"/v1/benefits?waits=true&claim={claim.id}"
    listed = (await insurance.http.get(path, headers=insurance.officer)).json()["items"]
    assert [[one["key"] for one in each["awaits"]] for each in listed] == [["wage.average_monthly"]] * 2
    body = {"key": "wage.average_monthly", "value": "6000", "document": "平均工资公告"}
    headers = {**insurance.officer, "Idempotency-Key": new_id()}
    values = f"/v1/claims/{claim.id}/dependants/values"
    entered = await insurance.http.put(values, json=body, headers=headers)
    assert entered.status_code == 200, entered.text
    file = entered.json()
    assert (file["wage"], file["missing"], drawn(file)) == ("3600", None, ["1440.00", "1080.00"])
    paid = await all_paid(insurance, file)
    assert [one["paid"] for one in paid] == ["1440.00", "1080.00"]
    assert [(one["awaits"], one["waits"]) for one in paid] == [([], False)] * 2
    again = await insurance.http.put(values, json=body, headers={**insurance.officer, "Idempotency-Key": new_id()})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-awaited")
