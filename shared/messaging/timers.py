"""Deadlines and outside work: documents with a due time, taken by a lease, so that they outlive a restart.

A timer's handler runs in the transaction that removes the timer: its effect is stored once. Outside work (a message to
be sent, an enrolment to be handed over) is tried outside any transaction; what it returns is run in the transaction that
removes it. A try that fails comes again with growing delay; a process that dies in a try leaves the work to the next.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

import structlog
from beanie import Document
from opentelemetry.trace import Span, SpanKind
from pymongo import UpdateOne
from pymongo.errors import PyMongoError
from pymongo.results import ClientBulkWriteResult

from shared import clock, faults
from shared.ids import new_id
from shared.storage import wakeup
from shared.storage.client import Row, storage
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact
from shared.storage.writes import namespace
from shared.telemetry import metrics, traces

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
SOON_SECONDS = 0.1
"""How soon to look again where something was due: what becomes due one by one is then taken several at once."""
LEASE_SECONDS = 60.0
LEAST = 0.002
"""The clock's own step, so that no look comes before its time."""
FIRST_DELAY, LONGEST_DELAY = 0.5, 3600.0
AT_ONCE = 8
"""Timers and tries of work under way in one lane of one process."""
GIVEN = 16
"""Tries of one lane whose outcome is not stored yet. They are what a process that dies leaves to be asked about."""
GATHER_SECONDS = 0.03
"""How long the outcome of outside work waits for others, to be stored with them."""
END_SECONDS = 2.0
"""How long a process that ends goes on storing outcomes."""
WAITING = 4 * AT_ONCE
"""Those that a process is given and has not tried: the more wait, the closer the end of their leases."""

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
    """The document that the work is about, as this process has just stored or read it with the timer."""


@dataclass(frozen=True, slots=True)
class Timer(Generic[P]):
    kind: TimerKind[P]
    handle: Callable[[Due[P], Transaction], Awaitable[None]]
    lane: str


class Work(Generic[P, R]):
    """Outside work: an attempt, which gives a result or None where there is nothing to store, and what stores it."""

    def __init__(
        self,
        kind: TimerKind[P],
        attempt: Callable[[Due[P]], Awaitable[R | None]],
        seconds: float,
        lane: str,
        about: type[Document] | None,
    ) -> None:
        self.kind, self.attempt, self.seconds, self.lane, self.about = kind, attempt, seconds, lane, about
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
    kind: TimerKind[P], *, seconds: float = 20.0, lane: str = "", about: type[Document] | None = None
) -> Callable[[Callable[[Due[P]], Awaitable[R | None]]], Work[P, R]]:
    """Try outside work for at most `seconds`. What the attempt gives is stored by the function declared with `.store`.

    However much is due in one lane, the others go on beside it. What is `about` a document of its key's id gets that read
    together with others.
    """

    def declare(attempt: Callable[[Due[P]], Awaitable[R | None]]) -> Work[P, R]:
        return Work(kind, attempt, seconds, lane, about)

    return declare


Outcome = Callable[[Transaction], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Taken:
    """A piece that this process has leased until then (monotonic time)."""

    row: Row
    about: Document | None
    until: float


@dataclass(slots=True)
class Lane:
    """What this process does of some kinds."""

    kinds: list[str] = field(default_factory=list)
    taken: deque[Taken] = field(default_factory=deque)
    """Those that wait for a place."""
    look_at: float = 0.0
    """When to look for more (monotonic time)."""
    tried: int = 0
    """Those under way but for the outcomes that wait to be stored: each leaves its place to the next."""
    under_way: int = 0

    @property
    def places(self) -> int:
        """How many more may begin."""
        return max(0, min(AT_ONCE - self.tried, AT_ONCE + GIVEN - self.under_way))

    @property
    def room(self) -> int:
        """How many more may be taken."""
        return max(0, WAITING - self.tried - len(self.taken))

    @property
    def looks(self) -> bool:
        """Whether it has a place and nothing at hand."""
        return self.places > 0 and not self.taken

    def begin(self) -> Taken:
        """Give a place to the next."""
        self.tried += 1
        self.under_way += 1
        return self.taken.popleft()

    def leave(self) -> None:
        """Free a place for another."""
        self.tried -= 1
        wakeup.wake("timers")

    def end(self) -> None:
        self.under_way -= 1
        wakeup.wake("timers")


class Scheduler:
    """Takes what is due in one process.

    What this process itself sets due at once it is given directly, already leased; the rest it looks for.
    """

    def __init__(self, handlers: Sequence[Timer[Any] | Work[Any, Any]]) -> None:
        self.handlers = {handler.kind.name: handler for handler in handlers}
        if len(self.handlers) != len(handlers):
            raise ValueError("two handlers of one kind")
        self.lanes: dict[str, Lane] = {}
        for handler in handlers:
            self.lanes.setdefault(handler.lane, Lane()).kinds.append(handler.kind.name)
        self.done = 0
        self._outcomes = Outcomes()

    def reserve(self, timer: Row) -> None:
        handler = self.handlers.get(timer["kind"])
        if handler is not None and self.lanes[handler.lane].room:
            leased = clock.now() + dt.timedelta(seconds=LEASE_SECONDS)
            # a holder for each: the same timer may be set anew and given again while it is worked on
            timer.update(holder=new_id(), due_at=leased, attempts=1)

    def take(self, timer: Row, about: Document | None) -> None:
        until = time.monotonic() + (timer["due_at"] - clock.now()).total_seconds()
        self._lane(timer).taken.append(Taken(timer, about, until))
        wakeup.wake("timers")

    def expect(self, timer: Row) -> None:
        if timer["kind"] in self.handlers:
            lane = self._lane(timer)
            lane.look_at = min(lane.look_at, time.monotonic() + (timer["due_at"] - clock.now()).total_seconds() + LEAST)

    def _lane(self, row: Row) -> Lane:
        return self.lanes[self.handlers[row["kind"]].lane]

    async def run(self) -> None:
        """Take what is due until cancelled."""
        connected = storage()
        connected.dispatcher = self
        try:
            async with self._outcomes.gathered(), asyncio.TaskGroup() as group:
                while True:
                    begun = await self._next()
                    for taken in begun:
                        group.create_task(self._do(taken))
                    if not begun:
                        await wakeup.wait("timers", self._wait_seconds())
        finally:
            connected.dispatcher = None

    async def _next(self) -> list[Taken]:
        """What may begin: of what this process was given or has found before, and otherwise of what it finds due."""
        begun = self._begin()
        if not begun:
            await self._look()
            begun = self._begin()
        return begun

    def _wait_seconds(self) -> float:
        looked_at = [lane.look_at for lane in self.lanes.values() if lane.looks]
        return min(LOOK_SECONDS, max(0.0, min(looked_at, default=math.inf) - time.monotonic()))

    def _begin(self) -> list[Taken]:
        begun: list[Taken] = []
        for lane in self.lanes.values():
            for _ in range(min(lane.places, len(lane.taken))):
                begun.append(lane.begin())
        return begun

    async def _look(self) -> None:
        """Look at once for what is due in all lanes whose time has come. What one of them has too much of is at hand at the next
        look, which is for the others alone."""
        now = time.monotonic()
        lanes = [lane for lane in self.lanes.values() if lane.looks and lane.look_at <= now]
        if not lanes:
            return
        found, most = 0, min(lane.room for lane in lanes)
        for lane in lanes:
            lane.look_at = now + LOOK_SECONDS
        try:
            found = await self._claim([kind for lane in lanes for kind in lane.kinds], most)
        except Exception as error:  # the database is away: what is due stays due
            log.warning("timers.waiting", reason=type(error).__name__)
            await asyncio.sleep(1.0)
        if found:
            for lane in lanes:
                lane.look_at = now if found == most else min(lane.look_at, now + SOON_SECONDS)

    async def _claim(self, kinds: Sequence[str], limit: int) -> int:
        """Take so many that are due; says how many there were."""
        until = time.monotonic() + LEASE_SECONDS
        rows = await claim(kinds, limit)
        about = await self._read(rows)
        for row in rows:
            self._lane(row).taken.append(Taken(row, about.get(row["_id"]), until))
        return len(rows)

    async def _read(self, rows: Sequence[Row]) -> dict[str, Document]:
        """The documents that pieces are about, by the pieces' ids; none where they cannot be read now."""
        found: dict[str, Document] = {}
        wanted: dict[type[Document], dict[str, str]] = {}
        for row in rows:
            handler = self.handlers[row["kind"]]
            if isinstance(handler, Work) and handler.about is not None:
                wanted.setdefault(handler.about, {})[row["key"]] = row["_id"]
        try:
            for document, pieces in wanted.items():
                for one in await document.find({"_id": {"$in": list(pieces)}}).to_list():
                    found[pieces[str(one.id)]] = one
        except PyMongoError as error:
            log.warning("timers.not_read", reason=type(error).__name__)
        return found

    async def _do(self, taken: Taken) -> None:
        row, lane = taken.row, self._lane(taken.row)
        try:
            with ExitStack() as place:
                place.callback(lane.leave)
                await self._perform(taken, place.close)
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
        finally:
            lane.end()

    async def _perform(self, taken: Taken, attempted: Callable[[], None]) -> None:
        """Do a piece; `attempted` is called where only its outcome is left to be stored. Raises what it raises."""
        row = taken.row
        handler = self.handlers[row["kind"]]
        due = Due(row["key"], row["due_at"], handler.kind.read(row["data"]), row["attempts"], taken.about)
        name = f"{'timer' if isinstance(handler, Timer) else 'work'} {row['kind']}"
        with traces.span(name, SpanKind.CONSUMER, row.get("traceparent"), links=[row.get("linked")]) as active:
            if isinstance(handler, Timer):
                await transact(partial(self._fire, handler, due, row))
                metrics.TIMERS_FIRED.labels(row["kind"]).inc()
                return
            if taken.until - time.monotonic() < handler.seconds:
                raise LeaseLost(row["_id"])  # the try might outlive the lease: whoever finds it due then does it
            async with asyncio.timeout(handler.seconds):
                result = await handler.attempt(due)
            attempted()
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
    """Stores what became of outside work, many pieces in one transaction where they end at about the same time.

    It gathers only inside `gathered`; what comes before or after that is stored by itself.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[Outcome, asyncio.Future[None]]] = []
        self._came = asyncio.Event()
        self._gathers = False

    async def store(self, outcome: Outcome) -> None:
        """Return when the outcome is stored; raises what it raises."""
        if not self._gathers:
            await transact(outcome)
            return
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((outcome, stored))
        self._came.set()
        await asyncio.shield(stored)  # it is stored even where nobody waits for that any more

    @asynccontextmanager
    async def gathered(self) -> AsyncIterator[None]:
        """Gather what comes. At the end what waits is stored, if that does not take long; what is not, nobody waits for: its lease
        runs out, and it is tried again."""
        gathering = asyncio.create_task(self._gather())
        self._gathers = True
        try:
            yield
        finally:
            self._gathers = False
            self._came.set()
            try:
                await asyncio.wait([gathering], timeout=END_SECONDS)
            finally:
                gathering.cancel()
                for _, stored in self._waiting:
                    stored.cancel()
                self._waiting.clear()

    async def _gather(self) -> None:
        while self._gathers or self._waiting:
            await self._came.wait()
            if self._gathers:
                await asyncio.sleep(GATHER_SECONDS)
            self._came.clear()
            some, self._waiting = self._waiting, []
            try:
                await self._store_all(some)
            finally:  # where it is cut short, nobody waits on
                for _, stored in some:
                    stored.cancel()

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
    # looked up and then taken: a find-and-modify would sort everything that is due for each
    due = timers.find({"due_at": {"$lte": now}, "kind": {"$in": list(kinds)}}).sort("due_at", 1).limit(limit)
    rows = await due.to_list(None)
    if not rows:
        return []
    mine = {"holder": holder, "due_at": now + dt.timedelta(seconds=LEASE_SECONDS)}
    changes = [
        UpdateOne(
            {"_id": row["_id"], "due_at": row["due_at"], "holder": row["holder"]},
            {"$set": mine, "$inc": {"attempts": 1}},
            namespace=namespace("timers"),
        )
        for row in rows
    ]
    result: ClientBulkWriteResult = await storage().client.bulk_write(changes, ordered=False, verbose_results=True)
    taken = [row for place, row in enumerate(rows) if result.update_results[place].modified_count]
    return [{**row, "holder": holder, "attempts": row["attempts"] + 1} for row in taken]


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
