"""What the gateway takes, every consumer takes: events at the edges of what may be pushed, through the whole system."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.complaints.app import service as complaints
from services.insurance.app import service as insurance
from services.registry.app import service as registry
from services.registry.gateway import rules
from services.registry.gateway.body import BATCH_JSON
from services.subsidies.app import service as subsidies
from shared import clock
from tests.harness import Harness, bearer, eventually, running
from tests.unit.identity.numbers import make_uscc
from tests.unit.registry import pushes
from tests.unit.registry.pushes import array, person

PLATFORM = make_uscc("MA00000X7")
LAST_DAY = str(rules.moment_of(clock.now()).last_day)
NOW = clock.now().isoformat()
DAYS = ["1900-01-01", "1949-12-31", "2000-02-29", str(clock.now().date()), LAST_DAY]
INSTANTS = ["1900-01-01T00:00:00+14:00", "1900-12-31T23:59:59.999999-12:00", "2000-02-29T00:00:00Z", NOW]
TEXTS = ["字" * 128, "a|b:c.d$e", "$gt", "\x00", "'\"\\\n\t", "-1", " ", "\U0001f6f5" * 128]
LARGEST, SMALLEST = "999999999999.99", "-999999999999.99"
EACH = 40
"""Events of each type."""


def events() -> Iterator[dict[str, Any]]:
    """Events with every field at one of its edges, the same ones at each run."""
    pick = random.Random(20260912).choice
    serial = itertools.count(1)

    def of(make: Any, **fields: Any) -> dict[str, Any]:
        known = {"platform": PLATFORM, "time": pick(INSTANTS)}
        event: dict[str, Any] = make(**fields)
        return event | {
            "source": f"/platforms/{PLATFORM}",
            "time": known["time"],
            "id": f"{next(serial)}{pick(TEXTS)}"[:128],
        }

    yield of(pushes.profile, name="名" * 200, industries=["other"] * 10)
    for number in range(EACH):
        ref = pick(TEXTS)
        signed = {"kind": pick(["contract", "written_agreement"]), "number": pick(TEXTS), "signed_on": pick(DAYS)}
        trained = {"course": pick([*TEXTS, "safety-onboarding"]), "completed_on": pick(DAYS)}
        yield of(
            pushes.engagement,
            worker_ref=ref,
            id_number=person(number % 7 + 500),
            name="\x00" + "名" * 199,
            started_on=pick(DAYS),
            relation=pick(["employment", "partial", "self_employed"]),
            industry=pick(["ride_hailing", "instant_delivery", "freight", "courier", "other"]),
            agreement=pick([None, signed]),
            safety_training=pick([None, trained]),
            partner_uscc=pick([None, make_uscc("MA00000X8")]),
            dispatched=pick([True, False]),
        )
        yield of(pushes.ended, worker_ref=ref, ended_on=pick(DAYS), reason="\x00" * 500)
        taken, finished = sorted((pick(INSTANTS), pick(INSTANTS)), key=dt.datetime.fromisoformat)
        yield of(
            pushes.order,
            order_id=f"{number}{ref}"[:128],
            worker_ref=ref,
            taken_at=taken,
            finished_at=finished,
            fee=LARGEST,
        )
        start, end = sorted((pick(DAYS), pick(DAYS)))
        yield of(
            pushes.settlement,
            settlement_id=f"{number}{ref}"[:128],
            worker_ref=ref,
            period_start=start,
            period_end=end,
            orders=pick([0, 1_000_000]),
            gross=pick(["0", LARGEST]),
            deductions=[{"kind": text, "amount": LARGEST} for text in TEXTS] * 12,
            net=pick([SMALLEST, LARGEST]),
            due_on=pick(DAYS),
            paid_on=pick(DAYS),
        )
        yield of(
            pushes.worktime, session_id=f"{number}{ref}"[:128], worker_ref=ref, online_at=taken, offline_at=finished
        )
        yield of(
            pushes.incident,
            incident_id=f"{number}{ref}"[:128],
            worker_ref=ref,
            order_id=pick([None, f"{number}{ref}"[:128]]),
            occurred_at=pick(INSTANTS),
            place="\x00" * 500,
            description="\U0001f6f5" * 5000,
            severity=pick(["minor", "serious", "fatal"]),
        )
        yield of(
            pushes.training,
            worker_ref=ref,
            course=pick([*TEXTS, "safety-onboarding"]),
            hours=pick([0, 0.1, 10_000]),
            completed_on=pick(DAYS),
            certificate_number=pick([None, *TEXTS]),
        )


async def survives(service: Harness) -> None:
    """Wait until every event has been taken, and see that none was put aside. Work for the outside world may go on."""
    before = -1

    async def taken() -> bool:
        nonlocal before
        backlog = await service.process.backlog()
        same, before = backlog.handled == before, backlog.handled
        stopped = any(group.stopped for group in service.process.groups)  # and never takes the rest
        return stopped or (backlog.lag == 0 and backlog.outbox == 0 and same)

    await eventually(taken, 240)
    assert {(letter.group, letter.type, letter.reason) for letter in await service.process.dead_letters()} == set()
    assert [group.name for group in service.process.groups if group.stopped] == []
    assert before > EACH


async def test_extreme_events_become_dead_letters_nowhere(
    mongo_uri: str, kafka_bootstrap: str, module_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The events stand at the edges of what may be pushed."""
    monkeypatch.setenv("PROVINCIAL_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("PROVINCIAL_SECRET", "s" * 40)
    async with running(registry, mongo_uri, kafka_bootstrap, module_directory) as started:
        headers = {"Content-Type": BATCH_JSON, **bearer("platform", uscc=PLATFORM)}
        answer = await started.http.post("/v1/platform-events", content=array(*events()), headers=headers)
        assert answer.json().get("rejected") == [], answer.text[:2000]
        await survives(started)
    for service in (complaints, subsidies, insurance):
        async with running(service, mongo_uri, kafka_bootstrap, module_directory) as started:
            await survives(started)
