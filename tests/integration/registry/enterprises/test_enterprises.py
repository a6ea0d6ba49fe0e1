"""Enterprises that officers put on file, beside those that push."""

from __future__ import annotations

import itertools
from typing import Any

import httpx2

from shared.contracts.registry import EnterpriseRegistered
from shared.storage.encryption import open_sealed
from tests.harness import Harness, bearer
from tests.unit.identity.numbers import make_uscc
from tests.unit.registry.pushes import array, profile

_serial = itertools.count(1)
FILING = {
    "name": "旌城人力",
    "kinds": ["partner", "dispatch_agency"],
    "industries": ["courier"],
    "contact_phone": "13700000002",
}


def new_uscc() -> str:
    return make_uscc(f"ENT{next(_serial):06}")


async def put(registry: Harness, uscc: str, headers: dict[str, str] | None = None, **changes: Any) -> httpx2.Response:
    answer: httpx2.Response = await registry.http.put(
        f"/v1/enterprises/{uscc}", json=FILING | changes, headers={**registry.officer, **(headers or {})}
    )
    return answer


async def told_of(registry: Harness, uscc: str) -> list[EnterpriseRegistered]:
    return [fact for fact in await registry.told(EnterpriseRegistered) if fact.uscc == uscc]


async def test_an_officer_puts_a_partner_on_file(registry: Harness) -> None:
    uscc = new_uscc()
    answer = await put(registry, uscc)
    assert answer.status_code == 200, answer.text
    assert answer.json()["kinds"] == ["partner", "dispatch_agency"]
    assert answer.json()["contact_phone"] == "137****0002"
    [fact] = await told_of(registry, uscc)
    assert (fact.name, fact.kinds, fact.delivery_classes) == ("旌城人力", ("partner", "dispatch_agency"), ())
    assert open_sealed("notifier", fact.for_notifier) == {"phone": "13700000002"}


async def test_what_is_on_file_is_not_overwritten_unseen(registry: Harness) -> None:
    uscc = new_uscc()
    etag = (await put(registry, uscc)).headers["etag"]
    assert (await put(registry, uscc, name="别名")).status_code == 428
    assert (await put(registry, uscc, {"If-Match": '"9"'}, name="别名")).status_code == 412
    changed = await put(registry, uscc, {"If-Match": etag}, name="别名", kinds=["partner"])
    assert (changed.status_code, changed.json()["name"]) == (200, "别名")
    assert [fact.kinds for fact in await told_of(registry, uscc)] == [("partner", "dispatch_agency"), ("partner",)]


async def test_a_partner_that_pushes_a_profile_is_a_platform_too(registry: Harness) -> None:
    uscc = new_uscc()
    await put(registry, uscc)
    headers = {"Content-Type": "application/cloudevents-batch+json", **bearer("platform", uscc=uscc)}
    early = profile(platform=uscc, name="从前的名字", time="2026-08-01T08:00:00+08:00")
    await registry.http.post("/v1/platform-events", content=array(early), headers=headers)
    await registry.settled()
    seen = (await registry.http.get(f"/v1/enterprises/{uscc}", headers=registry.officer)).json()
    assert seen["kinds"] == ["platform", "partner", "dispatch_agency"]
    assert seen["name"] == "旌城人力"  # the officer's word is the later one


async def test_a_wrong_code_phone_or_caller_is_refused(registry: Harness) -> None:
    uscc = new_uscc()
    wrong = uscc[:-1] + ("0" if uscc[-1] != "0" else "1")
    assert (await put(registry, wrong)).status_code == 422
    assert (await put(registry, uscc, contact_phone="12345")).status_code == 422
    assert (await put(registry, uscc, kinds=[])).status_code == 422
    answer = await put(registry, uscc, bearer("platform", uscc=uscc))
    assert answer.status_code == 403


async def test_enterprises_are_listed_by_their_code_page_by_page(registry: Harness) -> None:
    filed = sorted([new_uscc() for _ in range(3)])
    for uscc in filed:
        assert (await put(registry, uscc)).status_code == 200
    found: list[dict[str, Any]] = []
    params = {"limit": "2"}
    while True:
        answer = await registry.http.get("/v1/enterprises", params=params, headers=registry.officer)
        page = answer.json()
        found += page["items"]
        if page["next"] is None:
            break
        assert len(page["items"]) == 2
        params["cursor"] = page["next"]
    codes = [one["uscc"] for one in found]
    assert codes == sorted(set(codes))
    assert set(filed) <= set(codes)
    assert {one["contact_phone"] for one in found if one["uscc"] in filed} == {"137****0002"}
    for caller in (bearer("platform", uscc=filed[0]), bearer("worker", worker_id="w")):
        assert (await registry.http.get("/v1/enterprises", headers=caller)).status_code == 403
