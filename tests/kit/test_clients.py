"""Each client of the kit brings every event in once, whatever happens on the way, and names what was refused."""

from __future__ import annotations

import gzip
import itertools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pymongo

from services.registry.batches.records import unpack_records
from tests.end_to_end.articles.city import new_id_number, new_platform
from tests.end_to_end.events import engagement, order, profile
from tests.harness import eventually
from tests.kit.door import Door, run
from tests.kit.proxy import (
    BAD_GATEWAY,
    CUT_AFTER,
    CUT_BEFORE,
    EXPIRED,
    KEPT_UNKNOWN,
    LOST_UNKNOWN,
    NOT_ACCEPTED,
    PASS,
    TOO_MANY,
    Seen,
)

BATCH = 20
TRIES = (
    [TOO_MANY, NOT_ACCEPTED, PASS],
    [KEPT_UNKNOWN, PASS],
    [LOST_UNKNOWN, PASS],
    [EXPIRED, CUT_BEFORE, PASS],
    [CUT_AFTER, BAD_GATEWAY, PASS],
)
"""What becomes of each batch, try by try."""


def a_day(platform: str) -> list[dict[str, Any]]:
    """Ninety-five events of a platform, the tenth, the thirty-third and the last of which do not hold."""
    events = [profile(platform)]
    for number in range(30):
        events.append(engagement(platform, f"骑手-{number}", new_id_number()))
        for hour in (11, 12):
            times = f"2026-09-02T{hour}:00:00+08:00", f"2026-09-02T{hour}:30:00+08:00"
            events.append(order(platform, f"单-{number}-{hour}", f"骑手-{number}", *times))
    while len(events) < 95:
        times = "2026-09-03T11:00:00+08:00", "2026-09-03T11:30:00+08:00"
        events.append(order(platform, f"单-{len(events)}", "骑手-0", *times))
    events[9]["data"]["fee"] = 6.5
    events[32]["source"] = "/platforms/another"
    del events[94]["data"]["order_id"]
    return events


def write(file: Path, events: list[dict[str, Any]]) -> Path:
    lines = [json.dumps(event, ensure_ascii=False) for event in events]
    file.write_text("\n".join([*lines[:50], "", *lines[50:]]), encoding="utf-8")
    return file


def kept(door: Door, platform: str) -> Counter[str]:
    """How often the registry was given each event of a platform that it took, by its id."""
    with pymongo.MongoClient[dict[str, Any]](door.mongo_uri) as mongo:
        rows = list(mongo["registry"]["batches"].find({"platform": platform}))
    return Counter(record[2] for row in rows for record in unpack_records(row["records"]))


async def test_each_event_arrives_once_whatever_happens(door: Door, client: list[str], tmp_path: Path) -> None:
    platform = new_platform()
    secret, events = await door.signing_secret(platform), a_day(platform)
    file = write(tmp_path / "events.jsonl", events)
    door.proxy.play([step for tries in TRIES for step in tries])
    environment = door.environment(platform, SIGNING_SECRET=secret, BATCH=str(BATCH))

    status, out, err = await run([*client, str(file)], environment)

    assert (status, door.proxy.script) == (1, []), out + err
    *refused, summary = out.splitlines()
    assert summary == "accepted 92, rejected 3"
    told = {int(line.split(" ", 3)[2]): line for line in refused}
    assert told.keys() == {10, 33, 95}
    assert "fee 缺失或不符合格式 / fee is missing" in told[10]
    assert events[9]["id"] in told[10]
    assert "source 不是调用方自己的" in told[33]
    assert "order_id" in told[95]

    batches = [events[start : start + BATCH] for start in range(0, len(events), BATCH)]
    pushes = [[door.proxy.seen.pop(0) for _ in tries] for tries in TRIES]
    assert not door.proxy.seen
    for batch, tries in zip(batches, pushes, strict=True):
        assert [ids_in(seen) for seen in tries] == [[event["id"] for event in batch]] * len(tries)
    waited(pushes)
    expired, cut, _ = pushes[3]
    assert cut.headers["authorization"] != expired.headers["authorization"]
    twice = {event["id"] for number in (1, 4) for event in batches[number]}  # what the gateway had, and nobody said so
    good = [event for number, event in enumerate(events, 1) if number not in told]
    assert kept(door, platform) == Counter({event["id"]: 1 + (event["id"] in twice) for event in good})

    workers = sorted({event["data"]["worker_ref"] for event in good if event["type"].endswith("engagement.started.v1")})
    await eventually(lambda: known(door, platform, workers), 60)
    await door.city.settled("registry")
    assert await known(door, platform, workers)


def ids_in(seen: Seen) -> list[str]:
    assert seen.headers["content-encoding"] == "gzip"
    return [json.loads(line)["id"] for line in gzip.decompress(seen.body).splitlines()]


def waited(pushes: list[list[Seen]]) -> None:
    """A client waits as long as it is told, and signs every try anew."""
    for tries in pushes:
        for before, after in itertools.pairwise(tries):
            asked = before.step.answer[1].get("Retry-After", "0") if before.step.answer else "0"
            assert after.at - before.at >= float(asked)
            assert after.headers["webhook-id"] != before.headers["webhook-id"]


async def known(door: Door, platform: str, workers: list[str]) -> bool:
    """Whether the registry holds one engagement of each of these workers, and nothing besides."""
    path = f"/v1/engagements?platform={platform}&limit=500"
    items = (await door.city.get("officer", "registry", path))["items"]
    assert len(items) <= len(workers)
    return sorted(item["worker_ref"] for item in items) == workers


async def test_all_is_well_where_every_event_is_taken(door: Door, client: list[str], tmp_path: Path) -> None:
    platform = new_platform()
    file = write(tmp_path / "events.jsonl", a_day(platform)[:9])
    door.proxy.play([])
    status, out, err = await run([*client, str(file)], door.environment(platform))
    assert (status, out) == (0, "accepted 9, rejected 0\n"), err
    assert len(door.proxy.seen) == 1


async def test_a_wrong_signature_is_not_tried_again(door: Door, client: list[str], tmp_path: Path) -> None:
    platform = new_platform()
    await door.signing_secret(platform)
    file = write(tmp_path / "events.jsonl", a_day(platform)[:9])
    door.proxy.play([])
    another = await door.signing_secret(new_platform())
    status, out, err = await run([*client, str(file)], door.environment(platform, SIGNING_SECRET=another))
    assert (status, out) == (2, "")
    assert "bad-signature" in err
    assert len(door.proxy.seen) == 1
    assert kept(door, platform) == Counter()


async def test_a_wrong_client_secret_is_not_tried_again(door: Door, client: list[str], tmp_path: Path) -> None:
    platform = new_platform()
    file = write(tmp_path / "events.jsonl", a_day(platform)[:9])
    door.proxy.play([])
    status, out, err = await run([*client, str(file)], {**door.environment(platform), "CLIENT_SECRET": "wrong"})
    assert (status, out) == (2, "")
    assert "invalid_client" in err
    assert not door.proxy.seen
