"""Whatever the order in which the events about some people arrive, the registry holds the same in the end."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from typing import Any

import msgspec
import pytest

from services.registry.engagements.documents import Engagement
from services.registry.gateway.event_rules import DECODERS
from services.registry.gateway.sealing import seal
from services.registry.instants import kept_instant
from services.registry.intake import commands
from services.registry.workers.commands import person_of
from services.registry.workers.documents import Identity, Worker
from shared.contracts.platform import EngagementEnded, EngagementStarted, platform_of
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness
from tests.unit.identity.numbers import make_uscc
from tests.unit.registry.pushes import ended, engagement, person, training

_marks = itertools.count(40_000)


def story(one: str, other: str, first: int) -> list[dict[str, Any]]:
    """Three people, two platforms: corrections, a wrong id number, ends, and training known to one platform only."""
    she, he, they = person(first), person(first + 1), person(first + 2)
    return [
        engagement(platform=one, id_number=he, worker_ref="a", time="2026-09-01T08:00:00+08:00"),
        engagement(platform=one, id_number=she, worker_ref="a", time="2026-09-02T08:00:00+08:00"),
        engagement(platform=one, id_number=she, worker_ref="a", started_on="2026-09-15", time="2026-09-14T08:00:00Z"),
        engagement(platform=other, id_number=she, worker_ref="b", time="2026-09-03T08:00:00Z", phone="13800000009"),
        engagement(platform=other, id_number=he, worker_ref="c", time="2026-09-04T08:00:00Z", relation="employment"),
        training(platform=one, worker_ref="a"),
        ended(platform=one, worker_ref="a", ended_on="2026-09-12"),
        ended(platform=one, worker_ref="a", ended_on="2026-09-10", time="2026-09-21T08:00:00Z"),
        engagement(platform=one, id_number=they, worker_ref="d", time="2026-09-01T08:00:00Z"),
        engagement(platform=one, id_number=they, worker_ref="e", time="2026-09-01T08:00:00Z"),
        training(platform=one, worker_ref="e", completed_on="2026-09-03", time="2026-09-30T08:00:00Z"),
        ended(platform=one, worker_ref="d", ended_on="2026-09-02"),
        ended(platform=one, worker_ref="e", ended_on="2026-09-05"),
    ]


async def take(event: dict[str, Any], tx: Transaction) -> None:
    raw = msgspec.json.encode(event["data"])
    fact, at = seal(DECODERS[event["type"]].decode(raw)), kept_instant(dt.datetime.fromisoformat(event["time"]))
    platform = platform_of(event["source"])
    if isinstance(fact, EngagementStarted):
        await commands.start(platform, fact, at, tx)
    elif isinstance(fact, EngagementEnded):
        await commands.end(platform, fact, at, tx)
    else:
        await commands.complete_training(platform, fact, at, tx)  # type: ignore[arg-type]


async def outcome(one: str, other: str) -> set[tuple[Any, ...]]:
    """How the engagements of these platforms stand, and who is behind each."""
    found = []
    for platform in (one, other):
        for kept in await Engagement.find(Engagement.platform == platform).to_list():
            worker = await Worker.of(kept.worker_id)
            assert worker is not None
            known = person_of(worker)
            who = (known.id_number[-4:-1], known.phone)
            stands = (kept.relation, kept.state, kept.ended_on, kept.worked)
            found.append((platform[-3:-1], kept.worker_ref, kept.started_on, *stands, who))
    return set(found)


@pytest.mark.parametrize("seed", range(12))
async def test_the_order_of_arrival_does_not_matter(registry: Harness, seed: int) -> None:
    stands = []
    for shuffle in (False, True):
        mark = next(_marks)
        one, other = make_uscc(f"MA{mark}X1"), make_uscc(f"MA{mark}X2")
        await Worker.find_all().delete()
        await Identity.find_all().delete()
        await Engagement.find_all().delete()
        events = story(one, other, 500)
        if shuffle:
            random.Random(seed).shuffle(events)
        for event in events:
            await transact(lambda tx, event=event: take(event, tx))  # type: ignore[misc]
        stands.append(await outcome(one, other))
    assert stands[0] == stands[1]
    assert {(ref, state, worked) for _, ref, _, _, state, _, worked, _ in stands[0]} == {
        ("a", "ended", True),
        ("a", "active", True),
        ("b", "active", True),
        ("c", "blocked", False),
        ("d", "ended", False),
        ("e", "ended", True),
    }
