"""Events in any order and twice, gateways that lose answers, receipts that come twice, tries that die: each message arrives once."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from shared import faults
from shared.ids import new_id
from tests.harness import eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person

PEOPLE = 8
PLACES = ("delivery.given", "work.attempted")


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_each_person_gets_each_message_once(world: World, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    chance, died = random.Random(seed), Counter[str]()

    def die(place: str) -> None:
        if place in PLACES and died[place] < PEOPLE and chance.random() < 0.5:
            died[place] += 1
            raise RuntimeError("the try ends here")

    monkeypatch.setattr(faults, "reach", die)
    world.go_by(50)
    await world.behave(world.sms, fail_next=2, lose_answer_next=3, answer_twice=5, strangers_next=3)
    await world.behave(world.tencent, lose_answer_next=3, answer_twice=5, strangers_next=3)
    people = [Person() for _ in range(PEOPLE)]
    numbers = {one: f"TS{seed}-{one.number}" for one in people}
    told = [
        (fact, new_id())
        for one in people
        for fact in (one.registered(), one.complained(numbers[one]), one.accepted(numbers[one]))
    ]
    told += chance.sample(told, len(told) // 2)
    chance.shuffle(told)
    for fact, event_id in told:
        await world.notifier.publish(fact, event_id=event_id)

    async def all_have_theirs() -> bool:
        return all([len(set(await world.texts(one.phone))) == 2 for one in people])

    await eventually(all_have_theirs, 90)
    await world.notifier.settled(60)
    assert died.keys() == set(PLACES)
    for one in people:
        texts = await world.texts(one.phone)
        assert len(texts) == len(set(texts)) == 2
        assert all(numbers[one] in text for text in texts)
        assert [item["state"] for item in await world.deliveries(one.worker_id)] == ["delivered"] * 2
