"""Quiet hours, how many messages a day are enough, and messages to a duty desk that become one."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from services.notifier.deliveries import commands
from services.notifier.deliveries.documents import Delivery
from shared import clock
from shared.contracts.subsidies import CertificateIssued
from shared.ids import new_id
from shared.policy.calendar import SHANGHAI
from shared.policy.parameters import parameters
from shared.storage.client import storage
from tests.harness import eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import DAY, Person

DESK_PHONE = "13700000001"


class Rules:
    """The law as it is, but for quiet hours that are on now, or over, and the stretch that messages become one in."""

    def __init__(self, *, quiet: bool) -> None:
        local = clock.now().astimezone(SHANGHAI)
        minutes = dt.timedelta(minutes=2)
        first, last = (local - minutes, local + minutes) if quiet else (local + minutes, local + 2 * minutes)
        self.quiet = {"begin": f"{first:%H:%M}", "end": f"{last:%H:%M}"}
        self.law = parameters.on(local.date())

    def table(self, key: str) -> dict[str, str]:
        assert key == "notifications.quiet_hours"
        return self.quiet

    def number(self, key: str) -> int:
        return self.law.number(key)


def set_hours(patch: pytest.MonkeyPatch, *, quiet: bool) -> None:
    rules = Rules(quiet=quiet)
    patch.setenv("QUIET_HOURS", "on")
    patch.setattr(commands, "_law", lambda: rules)


def certificate(person: Person) -> CertificateIssued:
    return CertificateIssued(
        certificate_id=new_id(),
        number="DY1",
        worker_id=person.worker_id,
        platform=person.platform,
        worker_ref=person.worker_ref,
        course="course",
        completed_on=DAY,
    )


async def queued(world: World, person: Person, count: int) -> list[dict[str, Any]]:
    async def look() -> list[dict[str, Any]]:
        found = [one for one in await world.deliveries(person.worker_id) if one["state"] == "queued"]
        return found if len(found) == count else []

    return await eventually(look)


async def let_its_hour_come(delivery: dict[str, Any]) -> None:
    timers = storage().collection("timers")
    moved = await timers.update_one({"key": delivery["id"]}, {"$set": {"due_at": clock.now()}})
    assert moved.modified_count == 1


async def test_at_night_only_what_is_urgent_goes_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    set_hours(monkeypatch, quiet=True)
    person = Person()
    await world.notifier.publish(person.registered(), person.platform_registered(), person.engaged())
    await world.notifier.settled()
    await world.notifier.publish(person.complained("TS2026-3"), person.blocked())
    [waits] = await queued(world, person, 1)
    await world.ended(person.worker_id, "delivered")
    assert waits["text"].startswith("您的投诉举报已登记")
    assert dt.datetime.fromisoformat(waits["not_before"]) > clock.now()
    assert waits["not_before"].endswith("+08:00")
    assert [text for text in await world.texts(person.phone) if "投诉" in text] == []
    await let_its_hour_come(waits)
    await world.ended(person.worker_id, "delivered", 2)


async def test_what_is_enough_for_one_day_goes_on_the_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the law demands goes all the same."""
    set_hours(monkeypatch, quiet=False)
    person, enough = Person(), parameters.on(DAY).number("notifications.daily_limit")
    await world.notifier.publish(person.registered())
    await world.notifier.settled()
    await world.notifier.publish(*(certificate(person) for _ in range(enough)))
    await world.ended(person.worker_id, "delivered", enough)
    await world.notifier.publish(certificate(person), person.complained())
    [waits] = await queued(world, person, 1)
    assert waits["title"] == "培训证书已登记"
    tomorrow = clock.now().astimezone(SHANGHAI).date() + dt.timedelta(days=1)
    assert dt.datetime.fromisoformat(waits["not_before"]).date() == tomorrow
    await world.ended(person.worker_id, "delivered", enough + 1)
    await let_its_hour_come(waits)
    await world.ended(person.worker_id, "delivered", enough + 2)


async def cases_told(world: World, cases: int) -> list[str]:
    """The desk's messages, once they have told it of so many new cases together."""

    async def look() -> list[str]:
        texts = await world.texts(DESK_PHONE)
        told = [int(found[1]) if (found := re.search(r"(\d+)件", text)) else 1 for text in texts]
        return texts if sum(told) == cases else []

    return await eventually(look)


async def test_messages_to_a_desk_become_one_and_wait_for_it(world: World) -> None:
    """Three reports before the department has said where its desk is, five after it."""
    await Delivery.find({"kind": "department"}).delete()  # of the tests before
    await world.notifier.publish(*(Person().complained(f"TS{n}", district="510681") for n in range(3)))
    await world.notifier.settled()
    desk = {"kind": "department", "template": "case_opened_department", "district": "510681"}
    [waiting] = await Delivery.find(desk).to_list()
    assert (waiting.state, waiting.merged) == ("waiting", 3)
    answer = await world.notifier.http.put(
        "/v1/duty-desks/hrss/510600",
        json={"name": "劳动监察值班", "phone": DESK_PHONE},
        headers=world.notifier.officer,
    )
    assert answer.status_code == 200, answer.text
    shown = await world.notifier.http.get("/v1/duty-desks/hrss/510600", headers=world.notifier.officer)
    assert shown.json() == answer.json()
    assert shown.json()["phone"] == "137****0001"
    assert len(await cases_told(world, 3)) == 1
    await world.notifier.publish(*(Person().complained(f"TS{n}", district="510681") for n in range(5)))
    await world.notifier.settled()
    held = await Delivery.find(desk | {"state": "held"}).to_list()
    assert sum(one.merged for one in held) == 5
    released = await world.notifier.http.post("/v1/message-releases", headers=world.notifier.officer)
    assert released.status_code == 200
    # two messages where the stretch ended between the reports
    assert len(await cases_told(world, 8)) == 1 + len(held)
