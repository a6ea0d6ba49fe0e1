"""Deadlines and outside work: documents with a due time, taken by a lease, so that they outlive a restart.

A timer's handler runs in the transaction that removes the timer: its effect is stored once. Outside work (a message to
be sent, an enrolment to be handed over) is tried outside any transaction; what it returns is run in the transaction that
removes it. A try that fails comes again with growing delay; a process that dies in a try leaves the work to the next.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

import structlog
from beanie import Document
from opentelemetry.trace import Span, SpanKind

from shared import clock, faults
from shared.ids import new_id
from shared.storage import wakeup
from shared.storage.client import Row, storage
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact
from shared.telemetry import metrics, traces

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
LEASE_SECONDS = 60.0
FIRST_DELAY, LONGEST_DELAY = 0.5, 3600.0
AT_ONCE = 8
"""Timers and pieces of work under way in one lane of one process."""
GATHER_SECONDS = 0.01
"""How long the outcome of outside work waits for others, to be stored with them."""
WAITING = 2 * AT_ONCE
"""Those that a process is given and has not finished: the more wait, the closer the end of their leases."""

P = TypeVar("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Due(Generic[P]):
    """A timer or a piece of work whose time has come, with what it carries. `attempts` counts this one."""

    key: str
    due_at: dt.datetime
    payload: P
    attempts: int
    about: Document | None = None
    """The document that the work is about, where this process has just stored it with the timer."""


@dataclass(frozen=True, slots=True)
class Timer(Generic[P]):
    kind: TimerKind[P]
    handle: Callable[[Due[P], Transaction], Awaitable[None]]
    lane: str


class Work(Generic[P, R]):
    """Outside work: an attempt, which gives a result or None where there is nothing to store, and what stores it."""

    def __init__(
        self, kind: TimerKind[P], attempt: Callable[[Due[P]], Awaitable[R | None]], seconds: float, lane: str
    ) -> None:
        self.kind, self.attempt, self.seconds, self.lane = kind, attempt, seconds, lane
        self._store: Callable[[Due[P], R, Transaction], Awaitable[None]] | None = None

    def store(
        self, handle: Callable[[Due[P], R, Transaction], Awaitable[None]]
    ) -> Callable[[Due[P], R, Transaction], Awaitable[None]]:
        """Declare how the result of an attempt is stored: in the transaction in which the work ends."""
        self._store = handle
        return handle

    async def finish(self, due: Due[P], result: R | None, tx: Transaction) -> None:
        if result is not None:
            assert self._store is not None, f"nothing stores what {self.kind} gives"
            await self._store(due, result, tx)


class TryAgain(Exception):
    """Outside work is not done yet; it comes again with growing delay, `after` seconds at the earliest."""

    def __init__(self, reason: str, after: float = 0.0) -> None:
        self.after = after
        super().__init__(reason)


def timer(
    kind: TimerKind[P], *, lane: str = ""
) -> Callable[[Callable[[Due[P], Transaction], Awaitable[None]]], Timer[P]]:
    """Handle a timer when it is due, in a lane as `work` does. The handler may schedule the same kind and key anew."""

    def declare(handle: Callable[[Due[P], Transaction], Awaitable[None]]) -> Timer[P]:
        return Timer(kind, handle, lane)

    return declare


def work(
    kind: TimerKind[P], *, seconds: float = 20.0, lane: str = ""
) -> Callable[[Callable[[Due[P]], Awaitable[R | None]]], Work[P, R]]:
    """Try outside work for at most `seconds`. What the attempt gives is stored by the function declared with `.store`.

    However much is due in one lane, the others go on beside it.
    """

    def declare(attempt: Callable[[Due[P]], Awaitable[R | None]]) -> Work[P, R]:
        return Work(kind, attempt, seconds, lane)

    return declare


Outcome = Callable[[Transaction], Awaitable[None]]


class Scheduler:
    """Takes what is due in one process.

    What this process itself sets due at once it is given directly, already leased; the rest it looks for.
    """

    def __init__(self, handlers: Sequence[Timer[Any] | Work[Any, Any]]) -> None:
        self.handlers = {handler.kind.name: handler for handler in handlers}
        if len(self.handlers) != len(handlers):
            raise ValueError("two handlers of one kind")
        self.lanes: dict[str, list[str]] = {}
        for handler in handlers:
            self.lanes.setdefault(handler.lane, []).append(handler.kind.name)
        self.done = 0
        self._look_at = 0.0
        self._given: dict[str, deque[tuple[Row, Document | None]]] = {lane: deque() for lane in self.lanes}
        self._outcomes = Outcomes()
        self._under_way: dict[str, set[asyncio.Task[None]]] = {lane: set() for lane in self.lanes}

    def reserve(self, timer: Row) -> None:
        handler = self.handlers.get(timer["kind"])
        if handler is None:
            return
        lane = handler.lane
        if len(self._given[lane]) + len(self._under_way[lane]) < WAITING:
            leased = clock.now() + dt.timedelta(seconds=LEASE_SECONDS)
            # a holder for each: the same timer may be set anew and given again while it is worked on
            timer.update(holder=new_id(), due_at=leased, attempts=1)

    def take(self, timer: Row, about: Document | None) -> None:
        self._given[self.handlers[timer["kind"]].lane].append((timer, about))
        wakeup.wake("timers")

    async def run(self) -> None:
        """Take what is due until cancelled."""
        connected = storage()
        connected.dispatcher = self
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._outcomes.run())
                while True:
                    rows = await self._next()
                    for row, about in rows:
                        under_way = self._under_way[self.handlers[row["kind"]].lane]
                        task = group.create_task(self._do(row, about))
                        under_way.add(task)
                        task.add_done_callback(under_way.discard)
                        # whoever ends makes a place in a full lane
                        task.add_done_callback(lambda _: wakeup.wake("timers"))
                    if not rows:
                        await wakeup.wait("timers", LOOK_SECONDS)
        finally:
            connected.dispatcher = None

    async def _next(self) -> list[tuple[Row, Document | None]]:
        """What this process was given and has a place for, or else what it finds due."""
        places = {lane: AT_ONCE - len(under_way) for lane, under_way in self._under_way.items()}
        given = [
            self._given[lane].popleft()
            for lane, free in places.items()
            for _ in range(min(free, len(self._given[lane])))
        ]
        now = time.monotonic()
        if given or now < self._look_at:
            return given
        rows = await self._claim_some(places)
        # a full lane may have more, which is looked for as soon as it has a place
        self._look_at = now if rows or not all(places.values()) else now + LOOK_SECONDS
        return [(row, None) for row in rows]

    async def _claim_some(self, places: Mapping[str, int]) -> list[Row]:
        try:
            if all(free == AT_ONCE for free in places.values()):  # at rest one look does for all lanes
                return await claim(list(self.handlers), AT_ONCE) if self.handlers else []
            return [row for lane, free in places.items() if free for row in await claim(self.lanes[lane], free)]
        except Exception as error:  # the database is away: what is due stays due
            log.warning("timers.waiting", reason=type(error).__name__)
            await asyncio.sleep(1.0)
            return []

    async def _do(self, row: Row, about: Document | None) -> None:
        try:
            await self.perform(row, about)
            self.done += 1
        except LeaseLost:
            log.info("timers.gone", kind=row["kind"])
        except Exception as error:
            kind = row["kind"]
            after = error.after if isinstance(error, TryAgain) else 0.0
            delay = max(after, min(FIRST_DELAY * 2 ** min(row["attempts"] - 1, 20), LONGEST_DELAY))
            metrics.WORK_FAILED.labels(kind).inc()
            reason = f"{type(error).__name__}: {error}"
            log.warning("timers.comes_again", kind=kind, attempt=row["attempts"], seconds=delay, reason=reason)
            await _put_back(row, delay)

    async def perform(self, row: Row, about: Document | None = None) -> None:
        """Do one claimed piece; raises what it raises."""
        handler = self.handlers[row["kind"]]
        due = Due(row["key"], row["due_at"], handler.kind.read(row["data"]), row["attempts"], about)
        name = f"{'timer' if isinstance(handler, Timer) else 'work'} {row['kind']}"
        with traces.span(name, SpanKind.CONSUMER, row.get("traceparent"), links=[row.get("linked")]) as active:
            if isinstance(handler, Timer):
                await transact(partial(self._fire, handler, due, row))
                metrics.TIMERS_FIRED.labels(row["kind"]).inc()
                return
            async with asyncio.timeout(handler.seconds):
                result = await handler.attempt(due)
            faults.reach("work.attempted")
            await self._outcomes.store(partial(self._finish, handler, due, result, row, active))

    async def _fire(self, handler: Timer[Any], due: Due[Any], row: Row, tx: Transaction) -> None:
        _remove(row, tx)
        await handler.handle(due, tx)

    async def _finish(
        self, handler: Work[Any, Any], due: Due[Any], result: Any, row: Row, active: Span, tx: Transaction
    ) -> None:
        _remove(row, tx)
        with traces.under(active):
            await handler.finish(due, result, tx)


class Outcomes:
    """Stores what became of outside work, many pieces in one transaction where they end at about the same time."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Outcome, asyncio.Future[None]]] = []
        self._came = asyncio.Event()

    async def store(self, outcome: Outcome) -> None:
        """Return when the outcome is stored; raises what it raises."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((outcome, stored))
        self._came.set()
        await stored

    async def run(self) -> None:
        """Store what comes until cancelled."""
        while True:
            await self._came.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._came.clear()
            some, self._waiting = self._waiting, []
            await self._store_all(some)

    async def _store_all(self, some: Sequence[tuple[Outcome, asyncio.Future[None]]]) -> None:
        if len(some) > 1:
            try:
                await transact(partial(_in_turn, [outcome for outcome, _ in some]), attempts=1)
            except Exception as error:  # one of them stands in the way of the others
                log.debug("timers.one_by_one", reason=type(error).__name__)
            else:
                for _, stored in some:
                    if not stored.cancelled():
                        stored.set_result(None)
                return
        await asyncio.gather(*(self._store_one(outcome, stored) for outcome, stored in some))

    async def _store_one(self, outcome: Outcome, stored: asyncio.Future[None]) -> None:
        try:
            await transact(outcome)
        except Exception as error:
            if not stored.cancelled():
                stored.set_exception(error)
        else:
            if not stored.cancelled():
                stored.set_result(None)


async def _in_turn(outcomes: Sequence[Outcome], tx: Transaction) -> None:
    for outcome in outcomes:
        await outcome(tx)


async def claim(kinds: Sequence[str], limit: int) -> list[Row]:
    """Take the pieces that have been due longest; nobody else gets them until their lease has run out."""
    timers, now, holder = storage().collection("timers"), clock.now(), new_id()
    # looked up and then taken one by one: a find-and-modify would sort everything that is due for each
    due = timers.find({"due_at": {"$lte": now}, "kind": {"$in": list(kinds)}}).sort("due_at", 1).limit(limit)
    taken: list[Row] = []
    for row in await due.to_list(None):
        mine = {"holder": holder, "due_at": now + dt.timedelta(seconds=LEASE_SECONDS)}
        result = await timers.update_one(
            {"_id": row["_id"], "due_at": row["due_at"], "holder": row["holder"]},
            {"$set": mine, "$inc": {"attempts": 1}},
        )
        if result.modified_count:
            taken.append({**row, "holder": holder, "attempts": row["attempts"] + 1})
    return taken


def _remove(row: Row, tx: Transaction) -> None:
    tx.finish_timer(row["_id"], row["holder"], LeaseLost(row["_id"]))


class LeaseLost(Exception):
    """The piece was cancelled, set anew or taken by another while it was worked on."""


async def _put_back(row: Row, delay: float) -> None:
    try:
        await (
            storage()
            .collection("timers")
            .update_one(
                {"_id": row["_id"], "holder": row["holder"]},
                {"$set": {"holder": None, "due_at": clock.now() + dt.timedelta(seconds=delay)}},
            )
        )
    except Exception as error:  # its lease runs out, and it comes again by itself
        log.warning("timers.not_put_back", reason=type(error).__name__)


async def due_count() -> int:
    """Timers and work whose time has come, or that were tried and come again."""
    timers = storage().collection("timers")
    return await timers.count_documents({"$or": [{"due_at": {"$lte": clock.now()}}, {"attempts": {"$gt": 0}}]})


async def waiting_work(kinds: Sequence[str]) -> dict[str, int]:
    """Outside work that is not done yet, whenever its next try is, by kind."""
    timers = storage().collection("timers")
    return {kind: await timers.count_documents({"kind": kind}) for kind in kinds}
