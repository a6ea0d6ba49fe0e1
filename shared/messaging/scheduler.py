"""Does what is due in one process: looks for timers and work, or is given them, and has their handlers do them."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any, Final

import structlog
from beanie import Document
from opentelemetry.trace import Span, SpanKind
from pymongo.errors import PyMongoError

from shared import clock, faults
from shared.messaging import taking
from shared.messaging.lanes import Lane, Taken
from shared.messaging.outcomes import Outcomes
from shared.messaging.taking import LEASE_SECONDS, LONGEST_DELAY, LeaseLost
from shared.messaging.timers import Due, Timer, TryAgain, Work
from shared.storage import wakeup
from shared.storage.client import Row, storage
from shared.storage.transaction import Transaction, transact
from shared.telemetry import metrics, traces

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 1.0
SOON_SECONDS: Final = 0.1
"""How soon to look again where something was due: what becomes due one by one is then taken several at once."""
LEAST: Final = 0.002
"""The clock's own step, so that no look comes before its time."""
FIRST_DELAY: Final = 0.5


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
            taking.reserve(timer)

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
        return [lane.begin() for lane in self.lanes.values() for _ in range(min(lane.places, len(lane.taken)))]

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
        rows = await taking.claim(kinds, limit)
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
            await taking.put_back(row, delay)
        finally:
            lane.end()

    async def _perform(self, taken: Taken, attempted: Callable[[], None]) -> None:
        """Do a piece; `attempted` is called where only its outcome is left to be stored. Raises what it raises."""
        row = taken.row
        handler = self.handlers[row["kind"]]
        due = Due(row["key"], handler.kind.read(row["data"]), row["attempts"], taken.about)
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
            reads = handler.reads(due) if result is not None else ()
            await self._outcomes.store(partial(self._finish, handler, due, result, row, active), reads)

    async def _fire(self, handler: Timer[Any], due: Due[Any], row: Row, tx: Transaction) -> None:
        taking.remove(row, tx)
        await handler.handle(due, tx)

    async def _finish(
        self, handler: Work[Any, Any], due: Due[Any], result: Any, row: Row, active: Span, tx: Transaction
    ) -> None:
        taking.remove(row, tx)
        with traces.under(active):
            await handler.finish(due, result, tx)
