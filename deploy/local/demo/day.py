"""The demo: a platform's day pushed through a stack, its own or one that runs already, and every figure checked."""

import asyncio
import contextlib
import json
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console

from deploy.local import child, ports, run
from deploy.local.calculation import calculate, compare
from deploy.local.demo import calls, enforcement, events, kinds, subsidies, table, whole_case
from deploy.local.demo.against import Target
from deploy.local.demo.client import Client, connected
from deploy.local.demo.progress import Display, display
from deploy.local.demo.receiver import Receiver, listening
from deploy.local.sample import generate
from deploy.local.stack import SERVICES, make_stack, outside_together
from deploy.local.supervisor import Status, Supervisor

LOOK_AFTER, LOOK_EVERY = 0.25, 1.0
"""Seconds between looks at what the services have left, at first and at most: each look is work for them too."""
STALLED = 180.0
"""Seconds without any progress after which the demo no longer waits for the services to settle."""
AT_ONCE = 4
DISTRICT = "510603"
"""Whose people the broadcast goes to: 旌阳区."""
WHOLE_CASES = 3
APPLIES = "application"
DRAW = "draw.json"
"""What was published of the draw, for whoever draws again."""
HELD_SECONDS = 6 * 3600.0
"""How long the demo's notifier holds messages that later facts may take back; the demo lets them go when all has come."""


class NotEmpty(RuntimeError):
    """The services hold data already, so that no figure could be what the input alone demands; the text says which."""


class NotSettled(RuntimeError):
    """The services have work left and no longer move; the text says what."""


@dataclass(frozen=True)
class Input:
    """What is pushed, and what is done over HTTP: by workers afterwards, by the platform that hears of events by webhook
    before, and by the officers who write to a district at last. The latter two where they are possible (`with_more`)."""

    events: list[events.Event]
    actions: list[calls.Action]
    listener: str | None = None
    district: str | None = None
    goes_on: bool = False

    def with_more(self, *, own_server: bool, broadcast: bool) -> "Input":
        """The same with a platform's own server and the days of public notices, which go on in a stack of one's own alone, and with a
        broadcast."""
        listener = events.listener(self.events) if own_server else None
        return replace(self, listener=listener, district=DISTRICT if broadcast else None, goes_on=own_server)

    @property
    def cases(self) -> list[calls.Action]:
        """The complaints that are brought to their decision: of the first people whom the input names."""
        people = events.people(self.events)[:WHOLE_CASES]
        return [{"kind": "whole_case", "platform": platform, "worker_ref": ref} for platform, ref in people]

    @property
    def skilled(self) -> calls.Action | None:
        """The first person with a training who applies for no training subsidy: for the skill subsidy, which is not had beside it."""
        identities = events.identities(self.events)
        applying = {
            identities.get((one["platform"], one["worker_ref"])) for one in self.actions if one["kind"] == APPLIES
        }
        for worker in events.trained(self.events) if self.goes_on else ():
            if identities.get(worker, None) not in (None, *applying):
                return {"platform": worker[0], "worker_ref": worker[1]}
        return None

    @property
    def all_actions(self) -> list[calls.Action]:
        """Everything that is done, for the reckoning."""
        more = [one | {"kind": "enforcement", "district": DISTRICT} for one in self.cases[:1]]
        more += [one | {"kind": "subsidies", "amount": subsidies.HELP} for one in self.cases[:1]]
        further = {"kind": "every_kind", "skilled": self.skilled, "goes_on": self.goes_on, "amount": kinds.FOR_SKILL}
        more += [one | further for one in self.cases[:1]]
        if self.listener is not None:
            more.append({"kind": "webhook", "platform": self.listener})
        if self.district is not None:
            more.append({"kind": "broadcast", "district": self.district})
        return self.actions + self.cases + more


def read_input(file: Path | None) -> Input:
    """The events of `file`, or the sample day with its actions. Raises BadInput for a file that cannot be read so."""
    if file is not None:
        return Input(events.read_events(file), [])
    sample = generate()
    return Input(sample.events, sample.actions)


async def demo(directory: Path, file: Path | None, console: Console) -> bool:
    """Run the demo with its data in `directory`, which is emptied first; whether every figure was right.

    Raises:
        BadInput, NotPossible, PortsTaken, StartError, CallFailed, NotSettled: after everything has been stopped.
    """
    given = read_input(file).with_more(own_server=True, broadcast=True)
    began, now = time.monotonic(), datetime.now(UTC)
    with run.alone(directory):
        await asyncio.to_thread(shutil.rmtree, directory, ignore_errors=True)
        stack = make_stack(directory, settling_seconds=HELD_SECONDS)
        ports.check_free(stack.ports())

        def tell(name: str, status: Status) -> None:
            if status.state in ("ready", "crashed") and supervisor.phase != "stopping":
                console.print(f"  {name} {status.state} (port {status.port})", style="dim", highlight=False)

        supervisor = Supervisor(
            outside_together(stack.programs), directory, stack.replay, tell=tell, engines=stack.engines
        )

        async def go_on(days: int) -> None:
            # the training platform refuses a signature that is days ahead
            await supervisor.again("subsidies", {"DEMO_DAYS_AHEAD": str(days), "TRAINING_PLATFORM_URL": ""})

        console.print("启动各项服务 · Starting the stack", style="bold")
        run.cancel_on_signals()
        async with (
            listening(given.listener) as receiver,
            supervisor,
            watched(supervisor) as peak,
            connected(stack.urls, stack.client_secret) as client,
        ):
            with display(console, len(given.events)) as shown:
                report = await Day(client, given, shown, receiver, go_on).run(now)
            report["seconds"] = round(time.monotonic() - began, 1)
            report["engines"] = supervisor.engines
    (directory / "resources.json").write_text(
        json.dumps({"peak_mb": round(peak.total / 1e6), **peak.by_name()}, indent=2)
    )
    return await _judged(given, report, now, directory, console, peak.total)


async def demo_against(target: Target, directory: Path, file: Path | None, console: Console) -> bool:
    """Run the demo against servers that run already, its report in `directory`; whether every figure was right.

    Raises:
        BadInput, NotPossible, NotEmpty, CallFailed, NotSettled: the services are left as they are then.
    """
    # a platform's server on this machine may be out of the services' reach
    given = read_input(file).with_more(own_server=False, broadcast="sms" in target.urls)
    began, now = time.monotonic(), datetime.now(UTC)
    with run.alone(directory):
        await asyncio.to_thread(directory.mkdir, exist_ok=True)
        run.cancel_on_signals()
        async with connected(target.urls, target.client_secret) as client:
            held = await calls.held(client)
            if held:
                raise NotEmpty(
                    f"the demo's figures come out only in empty databases; the services hold: {', '.join(held)}"
                )
            with display(console, len(given.events)) as shown:
                report = await Day(client, given, shown).run(now)
        report["seconds"] = round(time.monotonic() - began, 1)
        report["engines"] = target.engines
    return await _judged(given, report, now, directory, console, None)


async def _judged(
    given: Input, report: dict[str, Any], now: datetime, directory: Path, console: Console, peak: int | None
) -> bool:
    (directory / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if draw := report.get("published", {}).get("draw"):
        (directory / DRAW).write_text(json.dumps(draw, ensure_ascii=False, indent=1), encoding="utf-8")
    expected = await asyncio.to_thread(calculate, given.events, given.all_actions, now)
    differences = compare(expected, report)
    table.show(console, expected, report, differences, events.names(given.events), peak)
    return not differences


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
        for action in self.given.actions:
            await self._act(action)
        await self._settle()
        self.shown.step("办理投诉至结案 · Bringing cases to their decision")
        for action in self.given.cases:
            await self._act(action)
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
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(platform: str, own: Sequence[events.Event]) -> None:
            async with turns:
                for batch in events.batches(own):
                    accepted, rejected = await calls.push(self.client, platform, batch)
                    self.accepted += accepted
                    self.rejected += rejected
                    self.shown.push(len(batch))

        try:
            async with asyncio.TaskGroup() as group:
                for platform, own in events.by_platform(self.given.events).items():
                    group.create_task(one(platform, own))
        except BaseExceptionGroup as failures:
            raise child.first_of(failures) from None

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
        """Wait until nothing is left, which `left` says in words."""
        moved, last, pause = time.monotonic(), "", LOOK_AFTER
        while text := await left():
            if text != last:
                moved, last = time.monotonic(), text
            elif time.monotonic() - moved > STALLED:
                raise NotSettled(f"nothing has moved for {STALLED:.0f} s; left: {text}")
            self.shown.note(text)
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LOOK_EVERY)

    async def _settle(self) -> None:
        """Wait until no service has anything under way, twice running, and none has handled anything in between."""
        before: list[int] | None = None
        moved, last, pause = time.monotonic(), "", LOOK_AFTER
        while True:
            found = await asyncio.gather(*(calls.backlog(self.client, service) for service in SERVICES))
            handled = [count for _, count, _ in found]
            if all(idle for idle, _, _ in found):
                if handled == before:
                    return
                before = handled
            else:
                before = None
            left = "; ".join(f"{name}: {text}" for name, (_, _, text) in zip(SERVICES, found, strict=True) if text)
            if f"{handled} {left}" != last:
                moved, last = time.monotonic(), f"{handled} {left}"
            elif time.monotonic() - moved > STALLED:
                raise NotSettled(f"nothing has moved for {STALLED:.0f} s; left: {left}")
            self.shown.note(left)
            await asyncio.sleep(pause)
            pause = LOOK_AFTER if before else min(pause * 1.5, LOOK_EVERY)


class Peak:
    """The most resident memory that the stack's processes had together, in bytes."""

    def __init__(self) -> None:
        self.total = 0
        self.each: dict[str, int] = {}

    def take(self, sizes: dict[str, int]) -> None:
        """Take one look into account."""
        self.total = max(self.total, sum(sizes.values()))
        for name, size in sizes.items():
            self.each[name] = max(self.each.get(name, 0), size)

    def by_name(self) -> dict[str, int]:
        """The most of each process, in MB."""
        return {name: round(size / 1e6) for name, size in self.each.items()}


@asynccontextmanager
async def watched(supervisor: Supervisor) -> AsyncIterator[Peak]:
    """Look at the processes' memory every second."""
    peak = Peak()

    async def look() -> None:
        while True:
            peak.take(supervisor.memory() | {"demo": psutil.Process().memory_info().rss})
            await asyncio.sleep(1)

    task = asyncio.create_task(look())
    try:
        yield peak
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
