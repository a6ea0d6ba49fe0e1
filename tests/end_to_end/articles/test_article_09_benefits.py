"""九 职业伤害保障: benefits after the recognition: lump sum, pension, its yearly adjustment, death, and each dependant's pension."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared import clock
from shared.ids import new_id
from shared.policy.calendar import month_of, months_after, shanghai_date
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.articles.test_article_03_advance import changed, recognise
from tests.end_to_end.events import engagement, event, profile
from tests.harness import eventually
from tests.unit.identity.numbers import make


async def injured(city: City, platform: str) -> dict[str, Any]:
    """The recognised claim of an employee, for whom 5000 a month were paid in for the year before."""
    id_number, at = new_id_number(), clock.now() - dt.timedelta(days=2)
    contract = {"kind": "contract", "number": "合1", "signed_on": "2026-09-01"}
    await city.push(
        platform,
        profile(platform),
        engagement(platform, "rider-1", id_number, relation="employment", agreement=contract),
    )
    incident = {
        "incident_id": "accident-1",
        "worker_ref": "rider-1",
        "order_id": None,
        "occurred_at": at.isoformat(),
        "district": "510603",
        "place": "旌阳区某路口",
        "description": "电动车侧翻",
        "severity": "serious",
    }
    worker = (await city.engagement_of(platform, "rider-1"))["worker_id"]
    await eventually(lambda: city.get(f"worker:{worker}", "insurance", "/v1/workers/me/cover"), 40)
    first = shanghai_date(at).replace(day=1)
    months = [f"{months_after(first, -count):%Y-%m}" for count in range(1, 13)]
    await city.post(
        "provincial",
        "insurance",
        "/v1/province/notices",
        {"items": [paid_in(id_number, one, platform) for one in months]},
    )
    await city.push(platform, event("incident.reported", at.isoformat(), incident, platform))

    async def known() -> dict[str, Any] | None:
        claims = (await city.get(f"platform:{platform}", "insurance", "/v1/claims"))["items"]
        return claims[0] if claims and claims[0]["cover"] == "other_scheme" else None

    claim = await eventually(known, 40)
    await recognise(city, claim["claim_id"])
    await find_insured(city, claim["claim_id"])
    return claim


async def find_insured(city: City, claim_id: str) -> None:
    """Let an officer find that the injury was insured: the employer has declared nobody here."""
    path = f"/v1/claims/{claim_id}/liability"
    found = await city.get("officer", "insurance", path)
    assert (found["state"], found["reason"]) == ("unclear", "no_registration_known")
    headers = {"If-Match": await city.etag("officer", "insurance", path)}
    insured = {"insured": True, "ground": "经核查参保缴费记录"}
    await city.call("officer", "insurance", "PUT", path, json=insured, headers=headers)


def paid_in(id_number: str, month: str, payer: str) -> dict[str, Any]:
    return {
        "kind": "contribution",
        "number": new_id(),
        "id_number": id_number,
        "insurance": "work_injury",
        "month": month,
        "base": "5000.00",
        "employer_amount": "20.00",
        "worker_amount": "0.00",
        "payer": payer,
        "paid_on": str(shanghai_date(clock.now())),
        "changed_at": clock.now().isoformat(),
    }


async def paid(city: City, benefit_id: str) -> dict[str, Any]:
    """A benefit, once its money has reached the payee."""

    async def look() -> dict[str, Any] | None:
        found: dict[str, Any] = await city.get("officer", "insurance", f"/v1/benefits/{benefit_id}")
        return found if found["payments"] else None

    return await eventually(look, 40)


async def test_benefits_go_from_the_worker_to_the_dependants(city: City) -> None:
    """Wage 5000. Grade 4: 21 months = 105000.00, 75 % = 3750.00 a month, adjusted to 3918.75; after the death a widow's 40 % =
    2000.00 and a child's 30 % = 1500.00, of which the widow's alone ends when she marries."""
    platform = new_platform()
    claim = await injured(city, platform)
    path, today = f"/v1/claims/{claim['claim_id']}", str(shanghai_date(clock.now()))
    me, month = f"worker:{claim['worker_id']}", month_of(clock.now())
    await changed(city, "officer", path, "assessment-requests", {"kind": "first"}, method="POST")
    await changed(city, "officer", path, "assessments", {"grade": 4, "experts": 3}, method="POST")

    async def grant(kind: str, expect: int = 201, **body: Any) -> Any:
        asked = {"kind": kind, "account": "6217000012345678901"} | body
        return await city.post("officer", "insurance", f"{path}/benefits", asked, expect=expect)

    lump = await grant("disability_lump")
    assert (await paid(city, lump["benefit_id"]))["paid"] == "105000.00"
    allowance = await grant("disability_allowance")
    await paid(city, allowance["benefit_id"])
    adjustment = {"amount": "3918.75", "reason": "年度待遇调整", "document": "川人社发〔2026〕某号"}
    adjusted = await changed(city, "officer", f"/v1/benefits/{allowance['benefit_id']}", "adjustment", adjustment)
    assert (adjusted["paid"], adjusted["amount"]) == ("3750.00", "3918.75")
    mine = await city.get(me, "insurance", "/v1/workers/me/benefits")
    assert [(one["kind"], one["paid"]) for one in mine] == [
        ("disability_lump", "105000.00"),
        ("disability_allowance", "3750.00"),
    ]

    death = {"on": today, "of_injury": False, "document": "死亡证明1号"}
    known = await city.post("officer", "insurance", f"{path}/entitlement/death", death)
    assert (known["life"], known["deaths"][0]["kind"]) == ("dead", "severe_after")
    ended = await city.get("officer", "insurance", f"/v1/benefits/{allowance['benefit_id']}")
    assert (ended["state"], ended["ends_for"], ended["last_month"]) == ("stopped", "died", month)
    widow = {"relation": "spouse", "id_number": make("510603", dt.date(1960, 5, 6), 302), "name": "测试配偶"}
    child = {"relation": "child", "id_number": make("510603", dt.date(2018, 3, 4), 303), "name": "测试长子"}
    no_grant = await grant("death_lump", 422, kin={"id_number": widow["id_number"], "name": widow["name"]})
    assert no_grant["type"] == "/problems/death-does-not-fit"

    people = [widow | {"account": "6217000000000000001"}, child | {"account": "6217000000000000002"}]
    file = await city.post("officer", "insurance", f"{path}/dependants", {"dependants": people})
    assert [one["amount"] for one in file["dependants"]] == ["2000.00", "1500.00"]
    both = [await paid(city, one["benefit_id"]) for one in file["dependants"]]
    assert [one["paid"] for one in both] == ["2000.00", "1500.00"]
    assert [one["account"][-2:] for one in both] == ["01", "02"]

    remarried = {"why": "remarried", "on": today}
    file = await city.post("officer", "insurance", f"{path}/dependants/1/end", remarried)
    assert [(one["state"], one["amount"]) for one in file["dependants"]] == [
        ("stopped", "2000.00"),
        ("paid", "1500.00"),
    ]
    assert (file["monthly"], file["dependants"][0]["ended_for"]) == ("1500.00", "remarried")

    async def in_the_dossier() -> bool:
        facts = await city.get("officer", "registry", f"/v1/workers/{claim['worker_id']}/dossier?section=benefits")
        return "insurance.benefit.ended.v1" in str(facts)

    await eventually(in_the_dossier, 40)


async def test_a_bill_is_paid_once_and_what_nobody_has_is_entered(city: City) -> None:
    """A bill of 1000.00 is paid; the same number is refused with the first. 18 days of meals wait on a list for the daily rate: an
    officer enters 25 with its document, and 18 x 25 = 450.00 are paid (工伤保险条例 art. 30)."""
    claim = await injured(city, new_platform())
    path, today = f"/v1/claims/{claim['claim_id']}/benefits", str(shanghai_date(clock.now()))
    bill = {"institution": "德阳市人民医院", "number": new_id(), "issued_on": today, "amount": "1000.00"}
    asked = {"kind": "medical", "account": "6217000012345678901", "invoices": [bill]}
    first = await city.post("officer", "insurance", path, asked)
    again = await city.post("officer", "insurance", path, asked, expect=409)
    assert (again["type"], again["first"]["benefit_id"]) == ("/problems/bill-claimed", first["benefit_id"])
    assert (await paid(city, first["benefit_id"]))["paid"] == "1000.00"

    meals = await city.post(
        "officer", "insurance", path, asked | {"kind": "hospital_meals", "invoices": [], "days": 18}
    )
    listed = await city.get("officer", "insurance", f"/v1/benefits?waits=true&claim={claim['claim_id']}")
    assert [(one["benefit_id"], one["awaits"][0]["key"]) for one in listed["items"]] == [
        (meals["benefit_id"], "benefit.hospital_meals_daily")
    ]
    value = {"key": "benefit.hospital_meals_daily", "value": "25", "document": "德府发〔2026〕某号"}
    entered = await changed(city, "officer", f"/v1/benefits/{meals['benefit_id']}", "values", value)
    assert (entered["amount"], entered["waits"]) == ("450.00", False)
    assert (await paid(city, meals["benefit_id"]))["paid"] == "450.00"


async def test_the_yearly_check_ends_a_pension_and_asks_back(city: City) -> None:
    """Grade 4 of a wage of 5000: 3750.00 a month. The worker confirms; an officer then finds that it ended before the month that was
    paid, which is asked back once the worker was heard (社会保险经办条例 art. 25, 26, 46)."""
    platform = new_platform()
    claim = await injured(city, platform)
    path, today = f"/v1/claims/{claim['claim_id']}", shanghai_date(clock.now())
    me, check = f"worker:{claim['worker_id']}", "/v1/workers/me/qualification-check"
    await changed(city, "officer", path, "assessment-requests", {"kind": "first"}, method="POST")
    await changed(city, "officer", path, "assessments", {"grade": 4, "experts": 3}, method="POST")
    asked = {"kind": "disability_allowance", "account": "6217000012345678901"}
    pension = (await city.post("officer", "insurance", f"{path}/benefits", asked))["benefit_id"]
    await paid(city, pension)

    async def under_check() -> dict[str, Any] | None:
        listed = await city.get(me, "insurance", "/v1/workers/me/qualification-checks")
        return listed[0] if listed else None

    drawn = await eventually(under_check, 40)
    confirmed = await city.post(me, "insurance", f"{check}/statements", {"still_entitled": True})
    assert (confirmed["state"], confirmed["confirmed_on"]) == ("confirmed", str(today))
    ended_on = today.replace(day=1) - dt.timedelta(days=1)
    finding = {
        "way": "data_match",
        "result": "not_entitled",
        "found_on": str(today),
        "note": "数据比对",
        "ended_on": str(ended_on),
    }
    found = f"/v1/qualification-checks/{drawn['check_id']}"
    await changed(city, "officer", found, "findings", finding, method="POST")

    async def over() -> bool:
        benefit = await city.get("officer", "insurance", f"/v1/benefits/{pension}")
        return bool(benefit["state"] == "stopped")

    await eventually(over, 40)

    async def proposed() -> dict[str, Any] | None:
        listed = await city.get("officer", "insurance", f"/v1/benefits/{pension}/recoveries")
        return listed[0] if listed else None

    recovery = await eventually(proposed, 40)
    assert (recovery["state"], recovery["debt"]["owed"]) == ("proposed", "3750.00")
    claimed, order = f"/v1/recoveries/{recovery['recovery_id']}", {"outcome": "order", "reason": "多领一个月"}
    await city.post("officer", "insurance", f"{claimed}/decision", order, expect=409)
    await city.post(me, "insurance", f"{claimed}/statements", {"statement": "当月仍在治疗"})
    ordered = await city.post("officer", "insurance", f"{claimed}/decision", order)
    assert (ordered["state"], ordered["debt"]["owed"]) == ("ordered", "3750.00")
    wanted = {"待遇已核定", "待遇已支付", "待遇停止发放", "拟追回待遇，请陈述申辩"}

    async def told() -> list[str]:
        sent = (await city.get(me, "notifier", "/v1/deliveries?limit=500"))["items"]
        titles = [one["title"] for one in sent]
        return titles if wanted <= set(titles) else []

    titles = await eventually(told, 40)
    assert titles.count("待遇停止发放") == 1
    assert "待遇停止支付" not in titles, "the check has told it"
