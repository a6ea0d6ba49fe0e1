"""The day itself: a platform's events, what people and officers do about them, and the figures at last."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

from deploy.local import child
from deploy.local.demo import calls, enforcement, events, kinds, subsidies, whole_case
from deploy.local.demo.client import Client
from deploy.local.demo.given import DISTRICT, Input
from deploy.local.demo.progress import Display
from deploy.local.demo.receiver import Receiver
from deploy.local.demo.settling import settle, until

AT_ONCE = 4


class Day:
    """The day itself: `run` pushes, acts, closes the books and reads the figures."""

    def __init__(
        self,
        client: Client,
        given: Input,
        shown: Display,
        receiver: Receiver | None = None,
        go_on: kinds.GoOn | None = None,
    ) -> None:
        self.client, self.given, self.shown, self.receiver, self.go_on = client, given, shown, receiver, go_on
        self.workers: dict[tuple[str, str], str | None] = {}
        self.accepted = self.rejected = 0
        self.over = 0.0
        """When the figures of the day stood, by the monotonic clock: what follows is no platform's day."""

    async def run(self, now: datetime) -> dict[str, Any]:
        """The figures of `report.json`, but `seconds`. The messages of the broadcast are counted as its own alone."""
        webhook = await calls.register_webhook(self.client, self.receiver) if self.receiver else ""
        self.shown.step("推送平台数据 · Pushing events")
        await self._push()
        await self._settle()
        self.shown.step("用人单位申报参保 · Employers declare whom they employ")
        if await calls.declare_employees(self.client):
            await self._settle()
        self.shown.step("劳动者投诉与申请 · Complaints and applications")
        await whole_case.put_on_register(self.client)
        for _, alike in groupby(self.given.actions, key=lambda action: action["kind"]):
            await self._act_on(list(alike))
        await self._settle()
        self.shown.step("办理投诉至结案 · Bringing cases to their decision")
        await self._act_on(self.given.cases)
        await self._settle()
        for month in events.months(self.given.events, now):
            self.shown.step(f"关账 · Closing the bills of {month}")
            await calls.close_month(self.client, month)
            await self._settle()
        self.shown.step("发送待定消息 · Sending what still stands")
        await calls.release_messages(self.client)
        await self._settle()
        self.shown.step("读取结果 · Reading the figures")
        pushed = {"events": len(self.given.events), "accepted": self.accepted, "rejected": self.rejected}
        report = {"pushed": pushed, **await calls.figures(self.client)}
        report["complaints"] |= await calls.complaints(self.client)
        if self.receiver is not None:
            await self._until(partial(self._all_taken, self.receiver, webhook))
            report["webhooks"] = self.receiver.figures()
        self.over = time.monotonic()
        for case in self.given.cases[:1]:
            self.shown.step("责令改正、列入名单、双随机抽查 · Orders, a listing and an inspection by lot")
            report |= await self._enforce(case["platform"], case["worker_ref"])
            self.shown.step("补贴核定、发放与不予批准 · Help paid by the bank, and a refusal")
            worker = self.workers.get((case["platform"], case["worker_ref"]))
            report["money"] = await self._pay(worker)
            self.shown.step("各类补贴：公示期满后核定、发放 · Every kind of application to its end")
            if worker is not None:
                report["kinds"] = await self._every_kind(worker, case["platform"])
            report["dead_letters"] = await calls.dead_letters(self.client)
        if self.given.district is not None:
            self.shown.step("向一个区县群发普法短信 · Writing to the people of a district")
            report["broadcast"] = await self._broadcast(self.given.district)
            report["dead_letters"] = await calls.dead_letters(self.client)
        return report

    async def _enforce(self, platform: str, worker_ref: str) -> dict[str, Any]:
        """The figures of what follows from what was found, and what of it everybody reads. Messages are those of this alone."""
        before = await calls.sent(self.client)
        campaign = await enforcement.announce(self.client, DISTRICT)
        unpaid = await enforcement.order(self.client, platform, worker_ref, DISTRICT)
        await self._settle()  # until the term that is over has passed
        await enforcement.list_enterprise(self.client, unpaid)
        await calls.release_messages(self.client)
        await self._settle()
        messages = await calls.sent(self.client) - before
        listings = (await enforcement.in_public(self.client, "/v1/public-credit-listings"))["items"]
        states = await enforcement.states(self.client)
        figures, draw = await self._draw(campaign) if campaign else (enforcement.NO_DRAW, None)
        return {
            "orders": {state: states.count(state) for state in ("met", "overdue")} | {"messages": messages},
            "listed": [one["enterprise"] for one in listings],
            "draw": figures,
            "published": {"draw": draw, "listings": listings},
        }

    async def _draw(self, campaign: str) -> tuple[dict[str, int], dict[str, Any]]:
        """The figures of an inspection by lot, and the draw as everybody reads it at last."""
        before = await calls.sent(self.client)
        await enforcement.begun(await enforcement.in_public(self.client, f"{campaign}/draw"))
        drawn = await enforcement.inspect(self.client, campaign)
        await calls.release_messages(self.client)
        await self._settle()
        told = await calls.sent(self.client) - before
        draw = await enforcement.in_public(self.client, f"{campaign}/draw")
        results = (await enforcement.in_public(self.client, "/v1/inspections?limit=500"))["items"]
        return {
            "enterprises": len(draw["lists"]["enterprises"]),
            "unpublished": drawn - len(results),
            "untold": 2 * drawn - told,
            "not_the_same": await enforcement.verified(self.client, campaign),
        }, draw

    async def _pay(self, worker: str | None) -> dict[str, Any]:
        """The figures of an application that is paid and of one that is refused. Messages are those of these alone."""
        if worker is None:
            return {"paid": 0, "amount": "0.00", "spent": "0.00", "refused": 0, "grounds": [], "messages": 0}
        before = await calls.sent(self.client)
        await subsidies.put_on_register(self.client, subsidies.HARDSHIP)
        await subsidies.allot(self.client, subsidies.HARDSHIP, DISTRICT, subsidies.today())
        helped = await subsidies.help_in_hardship(self.client, worker, DISTRICT)
        refused = await subsidies.refuse_training(self.client, worker, DISTRICT)
        batch = await subsidies.make_batch(self.client, subsidies.HARDSHIP, DISTRICT, subsidies.today())
        await self._settle()  # until the batch is ready
        await subsidies.pay(self.client, subsidies.HARDSHIP, batch)
        await self._settle()
        await calls.release_messages(self.client)
        await self._settle()
        found = await subsidies.figures(self.client, helped, refused, batch)
        return found | {"messages": await calls.sent(self.client) - before}

    async def _every_kind(self, worker: str, platform: str) -> dict[str, Any]:
        """The figures of an application of each kind. Messages are those of these alone."""
        before, given, skilled = await calls.sent(self.client), self.given.skilled, None
        if given is not None:
            skilled = await calls.worker_id(self.client, given["platform"], given["worker_ref"])
        begun = await kinds.begin(self.client, worker, platform, skilled, DISTRICT)
        await self._settle()
        refused = None
        if self.go_on is not None:
            refused = await kinds.end_notices(self.client, DISTRICT, self._settle, self.go_on)
        await self._settle()
        await calls.release_messages(self.client)
        await self._settle()
        found = await kinds.figures(self.client, begun, refused)
        return found | {"messages": await calls.sent(self.client) - before}

    async def _broadcast(self, district: str) -> dict[str, int]:
        broadcast_id = await calls.begin_broadcast(self.client, district)

        async def ended() -> str:
            state, reached = await calls.broadcast(self.client, broadcast_id)
            return "" if state in ("finished", "paused") else f"broadcast {state}, given {reached['given']}"

        await self._until(ended)
        await self._settle()
        return (await calls.broadcast(self.client, broadcast_id))[1]

    async def _all_taken(self, receiver: Receiver, webhook: str) -> str:
        left = await calls.webhooks_left(self.client, receiver, webhook)
        return f"webhooks {left}" if left else ""

    async def _push(self) -> None:
        async def push(platform: str, own: Sequence[events.Event]) -> None:
            for batch in events.batches(own):
                accepted, rejected = await calls.push(self.client, platform, batch)
                self.accepted += accepted
                self.rejected += rejected
                self.shown.push(len(batch))

        by_platform = events.by_platform(self.given.events)
        await _a_few_at_once([partial(push, platform, own) for platform, own in by_platform.items()])

    async def _act_on(self, actions: Sequence[calls.Action]) -> None:
        """What several people do, each in their order."""
        identities = events.identities(self.given.events)
        each: dict[object, list[calls.Action]] = {}
        for action in actions:
            key = (action["platform"], action["worker_ref"])
            each.setdefault(identities.get(key, key), []).append(action)

        async def act(own: Sequence[calls.Action]) -> None:
            for action in own:
                await self._act(action)

        await _a_few_at_once([partial(act, own) for own in each.values()])

    async def _act(self, action: calls.Action) -> None:
        key = (action["platform"], action["worker_ref"])
        if self.workers.get(key) is None:
            self.workers[key] = await calls.worker_id(self.client, *key)
        worker = self.workers[key]
        if worker is None:
            return
        match action["kind"]:
            case "device":
                await calls.register_device(self.client, worker, action)
            case "complaint":
                await calls.file_complaint(self.client, worker, action)
            case "application":
                await calls.apply_for_subsidy(self.client, worker, action, DISTRICT)
            case "whole_case":
                await whole_case.bring_to_decision(self.client, worker, action["platform"], DISTRICT)

    async def _until(self, left: Callable[[], Awaitable[str]]) -> None:
        await until(left, self.shown.note)

    async def _settle(self) -> None:
        await settle(self.client, self.shown.note)


async def _a_few_at_once(things: Sequence[Callable[[], Awaitable[None]]]) -> None:
    """Do them all, a few at a time; raises the first failure."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(do: Callable[[], Awaitable[None]]) -> None:
        async with turns:
            await do()

    try:
        async with asyncio.TaskGroup() as group:
            for do in things:
                group.create_task(one(do))
    except BaseExceptionGroup as failures:
        raise child.first_of(failures) from None
