"""Events go to a platform's own server: its own alone, in order, until they have arrived."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest

from services.notifier.webhooks import rules
from shared import clock, faults
from shared.contracts.notifier import WebhookDisabled
from shared.ids import new_id
from shared.storage.client import storage
from tests.harness import eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person
from tests.integration.notifier.webhooks.conftest import Platform, Receiver, by_reason, fact, quiet


async def test_a_platform_hears_what_concerns_it_and_nothing_else(platform: Platform, receiver: Receiver) -> None:
    other = Platform(platform.world, receiver.hook(), Person().platform)
    await platform.register()
    await other.register()
    person, event_id = Person(), new_id()
    bill = fact("insurance.bill.issued.v1", platform=platform.uscc)
    await platform.world.notifier.publish(bill, event_id=event_id)
    case = fact("complaints.case.opened.v1", platform=platform.uscc)
    await platform.world.notifier.publish(case, person.registered(), fact("insurance.bill.issued.v1"))
    await platform.got(1)
    await quiet(platform.world)
    [event] = platform.hook.got
    assert (event["id"], event["type"]) == (event_id, "cn.deyang.insurance.bill.issued.v1")
    assert set(event["data"]) >= {"bill_id", "month", "orders", "late_orders", "premium", "due_on"}
    assert "platform" not in event["data"]
    assert event["webhook-id"] == rules.webhook_id(platform.id, event_id)
    assert other.hook.got == []


async def test_only_the_events_that_were_asked_for_come(platform: Platform) -> None:
    await platform.register(["cn.deyang.insurance.bill.due_near.v1"])
    await platform.world.notifier.publish(fact("insurance.bill.issued.v1", platform=platform.uscc, bill_id="bill-1"))
    await platform.billed("1.00")
    await platform.world.notifier.publish(fact("insurance.bill.issued.v1", platform=platform.uscc, bill_id="bill-1"))
    await platform.billed("2.00")
    await platform.got(2)
    await quiet(platform.world)
    assert platform.hook.numbers() == ["1.00", "2.00"]


async def test_an_event_that_comes_twice_is_sent_once(platform: Platform) -> None:
    await platform.register()
    event_id = new_id()
    await platform.billed("1.00", "1.00", "2.00", ids=(event_id, event_id, new_id()))
    await platform.got(2)
    await quiet(platform.world)
    assert platform.hook.numbers() == ["1.00", "2.00"]


async def test_an_event_of_long_ago_is_not_news(platform: Platform) -> None:
    await platform.register()
    old = clock.now() - dt.timedelta(days=rules.KEPT_DAYS + 1)
    near = fact("insurance.bill.due_near.v1", platform=platform.uscc, bill_id="bill-1", outstanding="1.00")
    await platform.world.notifier.publish(near, time=old)
    await platform.billed("2.00")
    await platform.got(1)
    assert platform.hook.numbers() == ["2.00"]


async def test_later_events_wait_for_an_earlier_one_of_their_stream(platform: Platform) -> None:
    await platform.register()
    platform.hook.answers.extend([(500, {}), (500, {})])
    await platform.billed("1.00")
    await platform.tried("refused")
    await platform.billed("2.00", "3.00")
    gap = fact("insurance.policy.gap_found.v1", platform=platform.uscc)
    await platform.bring_forward()
    await platform.tried("refused", 2)
    await platform.world.notifier.publish(gap)
    await platform.got(3)  # another stream does not wait
    assert [event["type"].split(".")[3] for event in platform.hook.got] == ["bill", "bill", "policy"]
    await platform.bring_forward()
    await platform.got(6)
    bills = [event for event in platform.hook.got if ".bill." in event["type"]]
    assert [event["data"]["outstanding"] for event in bills] == ["1.00", "1.00", "1.00", "2.00", "3.00"]
    assert len({event["webhook-id"] for event in bills[:3]}) == 1
    assert len({event["webhook-id"] for event in bills}) == 3


async def test_a_failed_event_comes_again_by_the_schedule(platform: Platform) -> None:
    await platform.register()
    hours = 3600
    wanted = [5, 300, 1800, 2 * hours, 5 * hours, 10 * hours, 10 * hours]
    platform.hook.answers.extend([(500, {})] * len(wanted))
    await platform.billed("1.00")
    for number, seconds in enumerate(wanted, 1):
        attempts = await platform.tried("refused", number)
        row = await platform.waiting()
        since = dt.datetime.fromisoformat(attempts[0]["at"])
        assert (row["due_at"] - since).total_seconds() == pytest.approx(seconds, abs=1)
        await platform.bring_forward()
    await platform.tried("delivered", 2)
    assert len(set(platform.hook.ids)) == 1
    assert by_reason(await platform.attempts()) == {"delivered": 2, "refused": 7}


async def test_after_three_days_it_is_switched_off_and_announced(platform: Platform) -> None:
    await platform.register()
    platform.hook.answers.extend([(500, {}), (302, {"Location": platform.hook.url})])
    await platform.billed("1.00", "2.00")
    await platform.tried("refused")
    await platform.bring_forward(since=rules.GIVEN_UP_AFTER)
    await platform.tried("redirected")
    assert (await platform.stands("disabled"))["fault"] == "failing"
    told = [one for one in await platform.world.notifier.told(WebhookDisabled) if one.webhook_id == platform.id]
    assert [(one.platform, one.reason) for one in told] == [(platform.uscc, "failing")]
    assert clock.now() - told[0].failing_since >= rules.GIVEN_UP_AFTER
    await quiet(platform.world)
    assert platform.hook.numbers() == ["1.00", "1.00"]


@pytest.mark.parametrize(("answer", "seconds"), [((503, {"Retry-After": "600"}), 600), ((429, {}), 60)])
async def test_a_server_that_asks_for_rest_gets_it_whole(
    platform: Platform, answer: tuple[int, dict[str, str]], seconds: int
) -> None:
    await platform.register()
    platform.hook.answers.append(answer)
    await platform.billed("1.00")
    [attempt, *_] = await platform.tried("refused")
    asked, row = dt.datetime.fromisoformat(attempt["at"]), await platform.waiting()
    assert (row["due_at"] - asked).total_seconds() == pytest.approx(seconds, abs=1)
    assert (await platform.read())["rests_until"] is not None
    await platform.world.notifier.publish(fact("insurance.policy.gap_found.v1", platform=platform.uscc))
    await quiet(platform.world)
    timers = await storage().collection("timers").find({"key": {"$regex": f"^{platform.id}[|]ins"}}).to_list(None)
    failed, other = sorted((timer["due_at"] - asked).total_seconds() for timer in timers)
    assert failed == pytest.approx(seconds, abs=1)
    assert other - failed == pytest.approx(rules.TRIED_FIRST.total_seconds(), abs=1)
    assert len(platform.hook.got) == 1


async def test_a_crash_after_the_answer_sends_the_same_id_again(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends between the platform's answer and the transaction that stores it."""
    await platform.register()
    crashed: list[str] = []

    def crash(place: str) -> None:
        if place == "work.attempted" and platform.hook.got and not crashed:
            crashed.append(place)
            raise RuntimeError("the process ends here")

    monkeypatch.setattr(faults, "reach", crash)
    await platform.billed("1.00", "2.00")
    await platform.got(3)
    await quiet(platform.world)
    assert crashed == ["work.attempted"]
    assert platform.hook.numbers() == ["1.00", "1.00", "2.00"]
    assert platform.hook.ids[0] == platform.hook.ids[1] != platform.hook.ids[2]
    assert by_reason(await platform.attempts())["delivered"] == 3  # the challenge, and each event once


async def test_the_try_of_a_dead_process_is_another_ones(platform: Platform) -> None:
    await platform.register()
    platform.hook.answers.append((500, {}))
    await platform.billed("1.00")
    await platform.tried("refused")
    row = await platform.waiting()
    lease = {"holder": "a process that died", "due_at": clock.now(), "attempts": 1}
    await storage().collection("timers").update_one({"_id": row["_id"]}, {"$set": lease})
    await platform.got(2)
    assert len(set(platform.hook.ids)) == 1


async def replayed(platform: Platform, **body: Any) -> tuple[int, dict[str, Any]]:
    path = f"/v1/webhooks/{platform.id}/replay"
    answer = await platform.world.notifier.http.post(path, json=body, headers=platform.headers)
    return answer.status_code, answer.json()


async def test_one_event_is_sent_again_by_its_id(platform: Platform) -> None:
    await platform.register()
    ids = (new_id(), new_id())
    await platform.billed("1.00", "2.00", ids=ids)
    await platform.got(2)
    assert await replayed(platform, event_id=ids[0]) == (202, {"events": 1})
    await platform.got(3)
    assert platform.hook.numbers() == ["1.00", "2.00", "1.00"]
    assert platform.hook.ids[2] == platform.hook.ids[0]
    [latest, *_] = await platform.tried("delivered", 4)
    assert (latest["event_id"], latest["replayed"]) == (ids[0], True)
    assert (await replayed(platform, event_id=new_id()))[0] == 404
    assert (await replayed(platform, event_id=ids[0], since=clock.now().isoformat()))[0] == 422


async def test_what_still_waits_is_not_sent_ahead_by_a_replay(platform: Platform) -> None:
    await platform.register()
    await platform.billed("1.00")
    await platform.tried("delivered", 2)  # with the challenge
    ids, since = (new_id(), new_id()), clock.now()
    platform.hook.answers.append((500, {}))
    await platform.billed("2.00", "3.00", ids=ids)
    await platform.tried("refused")
    await quiet(platform.world)  # the second one is known too
    status, problem = await replayed(platform, event_id=ids[1])
    assert (status, problem["type"].rpartition("/")[2]) == (409, "not-sent-yet")
    time = {"since": since.isoformat(), "until": (clock.now() + dt.timedelta(seconds=1)).isoformat()}
    assert await replayed(platform, **time) == (202, {"events": 0})
    await platform.bring_forward()
    await platform.got(4)
    assert platform.hook.numbers() == ["1.00", "2.00", "2.00", "3.00"]


async def test_the_events_of_a_time_are_sent_again_in_order(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    await platform.register()
    await platform.billed("1.00")
    await platform.got(1)
    since = clock.now()
    await platform.billed("2.00", "3.00", "4.00")
    await platform.tried("delivered", 5)  # with the challenge
    until = clock.now() + dt.timedelta(seconds=1)
    time = {"since": since.isoformat(), "until": until.isoformat()}
    monkeypatch.setattr(rules, "MOST_REPLAYED", 2)
    status, problem = await replayed(platform, **time)
    assert (status, problem["type"].rpartition("/")[2]) == (422, "too-much-to-replay")
    monkeypatch.setattr(rules, "MOST_REPLAYED", 3)
    platform.hook.answers.append((500, {}))
    assert await replayed(platform, **time) == (202, {"events": 3})
    await platform.tried("refused")
    status, problem = await replayed(platform, **time)
    assert (status, problem["type"].rpartition("/")[2]) == (409, "replay-under-way")
    await platform.billed("5.00")  # new events do not wait for it
    await platform.got(6)
    await platform.bring_forward()
    await platform.got(9)
    assert platform.hook.numbers()[4:] == ["2.00", "5.00", "2.00", "3.00", "4.00"]
    assert platform.hook.ids[6:] == platform.hook.ids[1:4]


async def has(platform: Platform, count: int) -> bool:
    return len(platform.hook.got) >= count


async def test_webhooks_that_hang_hold_up_no_message(world: World, platform: Platform, receiver: Receiver) -> None:
    """Nor another platform's webhooks."""
    other = Platform(world, receiver.hook(), Person().platform)
    await platform.register()
    await other.register()
    platform.hook.gate = asyncio.Event()
    streams = ("bill.issued", "policy.gap_found", "enrolment.opened", "claim.filed", "advance.due")
    facts = [fact(f"insurance.{one}.v1", platform=platform.uscc) for one in streams]
    facts += [fact(f"registry.{one}.v1", platform=platform.uscc) for one in ("agreement.missing", "engagement.ended")]
    facts += [fact("registry.cooperation.ended.v1", platform=platform.uscc, partner=new_id())]
    facts += [fact("registry.restriction.applied.v1", uscc=platform.uscc)]
    await world.notifier.publish(*facts)
    await platform.got(rules.AT_ONCE_EACH)
    person = Person()
    await world.notifier.publish(person.registered(), person.complained())
    await other.billed("1.00")
    await eventually(lambda: world.texts(person.phone), 8)
    await eventually(lambda: has(other, 1), 5)
    assert len(platform.hook.got) == rules.AT_ONCE_EACH
    platform.hook.gate.set()
    await platform.got(len(facts))
    await quiet(world)
    assert len(set(platform.hook.ids)) == len(facts)
