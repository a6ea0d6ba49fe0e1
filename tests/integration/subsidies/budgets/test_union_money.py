"""The union keeps its own money: nobody else sees what it pays, nor whom."""

from __future__ import annotations

from typing import Any

from services.subsidies.officers.documents import MoneyOfficer
from shared.ids import new_id
from tests.harness import Harness
from tests.integration.subsidies.money import CITY, HERE, money_officer

CHANGE = {
    "year": 2026,
    "kind": "hardship",
    "source": "union_fund",
    "district": HERE,
    "purpose": "allot",
    "amount": "500.00",
    "reason": "年初预算",
}


def of_union(subsidies: Harness, name: str) -> dict[str, str]:
    return subsidies.headers("officer", sub=f"officer:{name}", department="union", district=CITY)


async def record(subsidies: Harness, by: dict[str, str], name: str, *duties: str, **more: Any) -> int:
    body = {"district": CITY, "duties": duties} | more
    return (await subsidies.http.put(f"/v1/money-officers/officer:{name}", json=body, headers=by)).status_code


async def test_the_union_keeps_a_register_and_budgets_of_its_own(subsidies: Harness) -> None:
    operator = subsidies.headers("operator")
    assert await record(subsidies, operator, "u-head", "head", department="union") == 200
    head, finance = of_union(subsidies, "u-head"), of_union(subsidies, "u-money")
    assert await record(subsidies, head, "u-money", "finance") == 200
    entry = await MoneyOfficer.get("officer:u-money")
    assert entry is not None
    assert entry.department == "union"
    labour = await money_officer(subsidies, "l-head", "head")
    assert await record(subsidies, {**labour, "If-Match": '"1"'}, "u-money", "finance", "head") == 403
    assert await record(subsidies, {**head, "If-Match": '"1"'}, "l-head", "finance", department="hrss") == 403

    for who, expect in ((labour, 403), (finance, 201)):
        made = await subsidies.http.post(
            "/v1/budget-changes", json=CHANGE, headers={**who, "Idempotency-Key": new_id()}
        )
        assert made.status_code == expect, made.text
    path = made.headers["Location"]
    assert (await subsidies.http.get(path, headers=labour)).status_code == 404
    seen = await subsidies.http.get(path, headers=head)
    approved = await subsidies.http.post(f"{path}/approval", headers={**head, "If-Match": seen.headers["ETag"]})
    assert approved.status_code == 200, approved.text
    for who, sources in ((labour, set()), (head, {"union_fund"})):
        shown = await subsidies.http.get("/v1/budgets", headers=who, params={"limit": "500"})
        assert {one["source"] for one in shown.json()["items"]} & {"union_fund"} == sources


async def test_an_officer_acts_on_money_of_their_department_alone(subsidies: Harness) -> None:
    """Who was of the union and now has a token of the labour department does not act by the union's entry."""
    await record(subsidies, subsidies.headers("operator"), "moved", "head", department="union")
    moved = subsidies.headers("officer", sub="officer:moved", department="hrss", district=CITY)
    body = CHANGE | {"source": "employment_fund", "kind": "training"}
    made = await subsidies.http.post("/v1/budget-changes", json=body, headers={**moved, "Idempotency-Key": new_id()})
    assert made.status_code == 403, made.text
