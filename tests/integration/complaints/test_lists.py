"""Every list of complaints, for everybody who may read it and by whatever it is narrowed down: what runs watches the queries of
the tests, and fails where no index serves one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from services.complaints.officers.documents import Interest, Officer, encrypted_name
from shared.storage.transaction import transact
from tests.harness import Harness, bearer
from tests.integration.access import CITY, HERE, OTHER, OWN, WORKER
from tests.integration.complaints.course import by_code, complaint
from tests.integration.complaints.staff import EVERY_DUTY, on_register

SAMPLES = {
    "platform": OWN,
    "enterprise": OWN,
    "campaign_id": "c-1",
    "matter_kind": "case",
    "month": "2026-09",
    "line": "12345",
    "number": "DY-1",
}
"""What a list is narrowed down by, where no code or yes says it."""
DEPARTMENTS = ("hrss", "transport", "court", "union", "justice")


def lists(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, str], set[str]]]:
    """The pages that the service gives, each with one value of every filter of it, and which of these it cannot do without."""
    for path, methods in schema["paths"].items():
        asked = methods.get("get", {}).get("parameters", [])
        if "{" not in path and "cursor" in {one["name"] for one in asked}:
            filters = [one for one in asked if one["name"] not in ("cursor", "limit", "authorization")]
            needed = {one["name"] for one in filters if one.get("required")}
            yield path, {one["name"]: sample(one) for one in filters}, needed


def sample(parameter: dict[str, Any]) -> str:
    schema = parameter["schema"]
    kinds = [schema, *schema.get("anyOf", ())]
    codes = [code for kind in kinds for code in kind.get("enum", ())]
    if codes:
        return str(codes[0])
    return "true" if any(kind.get("type") == "boolean" for kind in kinds) else SAMPLES[parameter["name"]]


async def readers() -> list[dict[str, str]]:
    """Of every kind: also an officer of the whole city, and one who stays away from an enterprise."""
    found = [bearer("worker", worker_id=WORKER), bearer("platform", uscc=OWN), bearer("union", sub="union:1")]
    found += [await on_register(department, HERE) for department in DEPARTMENTS] + [await on_register("hrss", CITY)]
    away = Officer(
        id="away-1",
        name=encrypted_name("away-1", "经办测试"),
        department="hrss",
        district=HERE,
        certificate=None,
        duties=list(EVERY_DUTY),
        interests=[Interest(enterprise=OTHER, reason=encrypted_name("away-1", "亲属任职"))],
    )
    if await Officer.of(away.id) is None:
        await transact(away.put)
    return [*found, bearer("officer", department="hrss", district=HERE, sub=away.id)]


@pytest.mark.parametrize("narrowed", [0, 1, 2, 9])
async def test_every_list_is_served_by_an_index(complaints: Harness, narrowed: int) -> None:
    schema = (await complaints.http.get("/openapi.json")).json()
    everybody, read = await readers(), set()
    report = (await complaints.http.post("/v1/anonymous-reports", json=complaint())).json()
    everybody.append(by_code(report["number"], report["code"]))
    for path, filters, needed in lists(schema):
        further = sorted({*filters} - needed)
        for names in combinations(further, min(narrowed, len(further))):
            for who in everybody:
                params = {name: filters[name] for name in (*needed, *names)}
                answer = await complaints.http.get(path, params=params, headers=who)
                assert answer.status_code in (200, 401, 403), f"{path} {params}: {answer.text}"
                read |= {path} if answer.status_code == 200 else set()
    assert read == {path for path, _, _ in lists(schema)}, "each is read by somebody"
    assert len(read) > 15
