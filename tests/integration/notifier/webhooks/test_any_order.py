"""Whatever a platform does with its webhook meanwhile, and wherever tries die: each event arrives, in order, under one id."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest

from services.notifier.webhooks import rules
from shared import faults
from shared.ids import new_id
from tests.harness import eventually
from tests.integration.notifier.webhooks.conftest import Platform, fact, quiet
from tests.integration.notifier.webhooks.test_crashes import in_a_hurry

PLACES = ("webhook.chosen", "webhook.answered", "work.attempted")
STEPS = 25
NAMES = ("insurance.bill.due_near.v1", "insurance.policy.gap_found.v1", "registry.licence.lapsed.v1")


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_in_any_order_of_steps_each_event_arrives(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance, died = random.Random(seed), Counter[str]()
    published: dict[str, list[str]] = {name: [] for name in NAMES}
    http = platform.world.notifier.http

    def die(place: str) -> None:
        if place in PLACES and died[place] < STEPS and chance.random() < 0.3:
            died[place] += 1
            raise RuntimeError("the try ends here")

    async def publish() -> None:
        name, event_id = chance.choice(NAMES), new_id()
        published[name].append(event_id)
        to = {"uscc": platform.uscc} if "licence" in name else {"platform": platform.uscc}
        told = fact(name, **to)
        for _ in range(chance.choice([1, 1, 2])):
            await platform.world.notifier.publish(told, event_id=event_id)

    async def ask(path: str, **body: object) -> None:
        answer = await http.post(f"/v1/webhooks/{platform.id}/{path}", json=body, headers=platform.headers)
        assert answer.status_code < 500
        if path == "secret":
            platform.hook.secret = answer.json()["secret"]

    async def step() -> None:
        match chance.choice(["publish"] * 5 + ["refuse", "rotate", "off", "on", "replay"]):
            case "publish":
                await publish()
            case "refuse":
                platform.hook.answers.append(chance.choice([(500, {}), (429, {}), (302, {"Location": "/"})]))
            case "rotate":
                await ask("secret")
            case "off":
                await ask("suspension")
            case "on":
                await ask("challenge")
            case "replay":
                await ask("replay", event_id=chance.choice([one for ids in published.values() for one in ids] or ["-"]))

    await platform.register()
    monkeypatch.setattr(faults, "reach", die)
    async with in_a_hurry():
        for _ in range(STEPS):
            await step()
            await asyncio.sleep(chance.choice([0, 0, 0.2]))
        await ask("challenge")
        await eventually(lambda: _all(platform, published), 120)
        await quiet(platform.world)
    got = [event["id"] for event in platform.hook.got]
    for ids in published.values():
        assert [one for one in dict.fromkeys(got) if one in ids] == ids
    assert {(event["id"], event["webhook-id"]) for event in platform.hook.got} == {
        (one, rules.webhook_id(platform.id, one)) for one in got
    }


async def _all(platform: Platform, published: dict[str, list[str]]) -> bool:
    return {one for ids in published.values() for one in ids} <= set(platform.hook.taken)
