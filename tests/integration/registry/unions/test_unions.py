"""Officers put unions on file and name those who act for them."""

from __future__ import annotations

import pytest

from shared.contracts.registry import UnionRecorded
from tests.harness import Harness, bearer
from tests.integration.registry.hall import Hall


@pytest.fixture
def hall(registry: Harness) -> Hall:
    return Hall(registry)


async def test_an_officer_names_those_who_act_for_a_union(hall: Hall, registry: Harness) -> None:
    body = {
        "name": f"街道工会{hall.number}",
        "district": "510681",
        "officers": [f"union:hall-{hall.number}"],
        "scope": {"districts": ["510681"]},
    }
    await hall.send(hall.union, "POST", "/unions", body, status=403)
    founded = await hall.send(registry.officer, "POST", "/unions", body, status=201)
    await hall.station(founded["union_id"], district="510681")
    await hall.station(founded["union_id"], district="510603", status=403)
    path = f"/unions/{founded['union_id']}/officers"
    elsewhere = bearer("officer", department="union", district="510603")
    await hall.send(elsewhere, "PUT", path, {"officers": ["a"]}, seen=founded["etag"], status=403)
    await hall.send(registry.officer, "PUT", path, {"officers": ["union:others"]}, seen=founded["etag"])
    refused = await registry.http.get(f"/v1/memberships?union_id={founded['union_id']}", headers=hall.union)
    assert refused.status_code == 403
    await hall.send(registry.officer, "POST", "/unions", body, status=409)
    told = [fact for fact in await registry.told(UnionRecorded) if fact.union_id == founded["union_id"]]
    assert [(fact.name, fact.district, fact.officers) for fact in told] == [
        (body["name"], "510681", (f"union:hall-{hall.number}",)),
        (body["name"], "510681", ("union:others",)),
    ]
