"""Old keys go while the registry runs: everything opens, everybody is found, and nothing needs the old key any more."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
import pytest_asyncio

from services.registry.app import service
from services.registry.workers.documents import NAME, Worker
from shared import key_rotation
from shared.storage import keys, reencryption
from shared.storage.client import collection_of
from shared.storage.encryption import decrypt_field, encrypt_field
from tests.harness import Harness, eventually
from tests.integration.registry.city import City, marks
from tests.unit.identity.numbers import make, make_uscc
from tests.unit.registry.pushes import BORN, ended, training

CONTEST = {"claimed": "employment", "since": "2026-09-10", "grounds": "每日固定班次，站长派单"}


@pytest_asyncio.fixture(loop_scope="session")
async def city(registry: Harness) -> City:
    """A city with workers on file."""
    city = City(registry, next(marks))
    await city.push(city.start(), city.start(platform=city.other, phone="13800000066"), training(platform=city.one))
    return city


def rotate() -> str:
    """Make a new key current in every ring, beside those that there are; the id of the one before."""
    before = keys.ring("storage").current
    new = f"k{int(before[1:]) + 1}"
    rings = {name: keys.ring(name) for name in keys.names()}
    keys.use({name: keys.KeyRing(new, {new: os.urandom(32), **ring.keys}) for name, ring in rings.items()})
    return before


def forget(key_id: str) -> None:
    """Take an old key away, but where it still opens what travels."""
    rings = {name: keys.ring(name) for name in keys.names()}
    for name in ("storage", "index"):
        kept = {one: key for one, key in rings[name].keys.items() if one != key_id}
        rings[name] = keys.KeyRing(rings[name].current, kept)
    keys.use(rings)


async def fill(city: City) -> str:
    """Let there be a contest, a withdrawn end, an audit entry with a reason, and a signing secret; the worker's id."""
    worker = await city.worker()
    http, registry = city.registry.http, city.registry
    [engagement] = await city.listed()
    path = f"/v1/engagements/{engagement['engagement_id']}"
    answer = await http.post(
        f"{path}/footing-contests", json=CONTEST, headers=registry.headers("worker", worker_id=worker)
    )
    assert answer.status_code == 201, answer.text
    await city.push(ended(platform=city.one))
    etag = (await city.get(path)).headers["etag"]
    headers = {**registry.officer, "If-Match": etag}
    answer = await http.post(f"{path}/end-withdrawals", json={"reason": "平台误报"}, headers=headers)
    assert answer.status_code in (200, 201), answer.text
    await registry.settled()
    etag = (await city.get(f"/v1/workers/{worker}")).headers["etag"]
    body = {"id_number": city.somebody_else, "reason": "居民户口簿"}
    answer = await http.put(
        f"/v1/workers/{worker}/id-number", json=body, headers={**registry.officer, "If-Match": etag}
    )
    assert answer.status_code == 200, answer.text
    answer = await http.put(f"/v1/platforms/{make_uscc('MAKEY0001')}/signing-secret", headers=registry.officer)
    assert answer.status_code in (200, 201), answer.text
    return worker


async def texts_under(key_id: str) -> list[str]:
    """Every text in the registry's documents that begins as one under a key does, by its collection."""
    found: list[str] = []

    def look(value: Any, name: str) -> None:
        if isinstance(value, dict):
            for inner in value.values():
                look(inner, name)
        elif isinstance(value, list):
            for inner in value:
                look(inner, name)
        elif isinstance(value, str) and value.startswith(f"{key_id}."):
            found.append(name)

    for document in service.documents:
        async for row in collection_of(document).find({}):
            look(row, collection_of(document).name)
    return found


async def test_an_old_key_can_go_when_the_command_has_run(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    worker = await fill(city)
    old = keys.ring("storage").current
    held = {"workers", "accounts", "footing_contests", "audit_log", "signing_secrets"}
    assert held <= set(await texts_under(old))
    rotate()
    assert await key_rotation.run(service) == 0
    said = capsys.readouterr().out.splitlines()
    assert any(line.startswith(f"storage {old}: used by no") for line in said)
    assert f"index {old}: used by no hash any more" in said
    assert any(line.startswith(f"for-insurance {old}: last used") for line in said)
    assert any(line.startswith(f"for-registry {old}: last used") for line in said)
    assert await texts_under(old) == []

    forget(old)
    shown = (await city.get(f"/v1/workers/{worker}", {"unmasked": "true"})).json()
    assert shown["id_number"] == city.somebody_else
    entries = (await city.get("/v1/audit")).json()["items"]
    assert "居民户口簿" in [entry["detail"] for entry in entries if entry["about"] == worker]
    # a platform goes on meaning this person by the wrong number, and to others the right one is theirs
    await city.push(
        city.start(platform=city.other, phone="13800000067", time="2026-09-06T08:00:00+08:00"),
        city.start(id_number=city.somebody_else, started_on="2026-10-01", time="2026-10-01T08:00:00+08:00"),
    )
    assert await city.worker(city.other) == worker
    assert {item["worker_id"] for item in await city.listed()} == {worker}


async def test_running_it_again_changes_nothing(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    rotate()
    assert await key_rotation.run(service) == 0
    first = await collection_of(Worker).find({}).to_list(None)
    assert "workers: values encrypted anew: 0" not in capsys.readouterr().out.splitlines()
    assert await key_rotation.run(service) == 0
    assert "workers: values encrypted anew: 0" in capsys.readouterr().out.splitlines()
    assert await collection_of(Worker).find({}).to_list(None) == first


async def test_keys_are_rotated_while_people_come_in(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever came in before, during and after is one person still when the old key has gone."""
    came: list[tuple[str, str]] = []

    async def come(number: int) -> None:
        id_number, ref = make("510603", BORN.replace(year=1980), number), f"w-{number}"
        await city.push(city.start(id_number=id_number, worker_ref=ref, phone=f"138000011{number:02}"))
        came.append((ref, id_number))

    async def come_one_after_the_other() -> None:
        for number in range(40):
            await come(number)

    coming = asyncio.create_task(come_one_after_the_other())

    async def some(count: int) -> bool:
        return len(came) >= count or coming.done()

    await eventually(lambda: some(8))
    old = rotate()
    before = len(came)
    assert await key_rotation.run(service) == 0
    assert before < 40, "nobody came in meanwhile"
    await coming
    assert f"index {old}: used by no hash any more" in capsys.readouterr().out.splitlines()
    assert await texts_under(old) == []
    forget(old)
    known = {item["worker_ref"]: item["worker_id"] for item in await city.listed(limit="100")}
    for ref, id_number in came:
        await city.push(city.start(platform=city.other, id_number=id_number, worker_ref=ref, phone="13800000068"))
    again = (await city.get("/v1/engagements", {"platform": city.other, "limit": "100"})).json()["items"]
    found = {item["worker_ref"]: item["worker_id"] for item in again}
    assert {ref: found[ref] for ref, _ in came} == {ref: known[ref] for ref, _ in came}


async def test_what_changes_meanwhile_is_kept_and_taken_up_again(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = await city.worker()
    change, others = reencryption._change, [encrypt_field(NAME, worker, "新名")]
    old = rotate()

    async def with_another(collection: Any, row: Any, *rest: Any) -> None:
        if row["_id"] == worker and others:
            await collection.update_one({"_id": worker}, {"$set": {"name": others.pop()}})
        await change(collection, row, *rest)

    monkeypatch.setattr(reencryption, "_change", with_another)
    outcome = await reencryption.reencrypt(Worker)
    assert outcome.passed_over > 0
    outcome = await reencryption.reencrypt(Worker)
    assert outcome.passed_over == 0
    row = await collection_of(Worker).find_one({"_id": worker})
    assert row is not None
    assert decrypt_field(NAME, worker, row["name"]) == "新名"
    assert await reencryption.values_under(Worker, old) == 0


async def test_a_value_that_no_key_opens_keeps_its_key(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    worker = await city.worker()
    stolen = encrypt_field(NAME, "another record", "张三")
    await collection_of(Worker).update_one({"_id": worker}, {"$set": {"name": stolen}})
    old = rotate()
    assert await key_rotation.run(service) == 1
    said = capsys.readouterr().out
    assert "1 that no kept key opens" in said
    assert f"storage {old}: 1 documents need it" in said
