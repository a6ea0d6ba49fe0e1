"""A service: what its `app.py` puts together, and how it runs.

    service = Service("insurance", title=..., documents=[...], routers=[...], modules=[enrolment.consumers, ...])

`modules` are those that declare consumers, timers and outside work; they are found by their type. One process does all
(`--role all`), or only answers HTTP (`api`), or does everything else (`worker`).
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Literal, TypeVar

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from beanie import Document
from fastapi import APIRouter, FastAPI
from faststream.kafka import KafkaBroker
from pymongo.errors import PyMongoError

from shared.commands import Command
from shared.contracts import catalogue, topics
from shared.messaging import consuming, dead_letters, relay, taking, timers
from shared.messaging.broker import connection, create_topics, dead_topic, make_broker, make_producer
from shared.messaging.groups import Group
from shared.messaging.scheduler import Scheduler
from shared.running import Running
from shared.settings import Settings
from shared.storage import client, keys, migrations, provisional
from shared.storage.audit import AuditEntry
from shared.telemetry import expiries, metrics, traces
from shared.telemetry.measuring import Figures, Measure
from shared.web import audit
from shared.web.app import make_app
from shared.web.auth import Verifier
from shared.web.operations import Backlog, operations_router
from shared.web.waiting import Waiting

log = structlog.get_logger(__name__)

Role = Literal["all", "api", "worker"]
T = TypeVar("T")
READY_SECONDS = 3.0
WAIT_SECONDS = 2.0
"""How often a process that waits for its database to be migrated looks again."""
LOOK_SECONDS: dict[Role, float] = {"all": 2.0, "worker": 0.5}
"""How often the relay looks for what other processes have stored; what its own process stores it is told."""


Step = Callable[[Running], Awaitable[None]]
Loop = Callable[[Running], Coroutine[Any, Any, None]]


SealingKey = tuple[str, str]
"""A ring and the id of a key in it."""

LastSealed = Callable[[set[SealingKey]], Awaitable[dict[SealingKey, dt.datetime]]]


@dataclass(frozen=True)
class Service:
    """What a service is made of.

    `at_start` runs before the first event or request, in every role; `background` are loops of its own that end by
    cancellation; `pending` counts what a service has under way besides the chassis's own, for `/v1/backlog`; `figures` measure
    by name what the service shows of itself besides the chassis's own, for `/metrics`; `republish`
    publishes again what the service keeps besides its outbox (see `shared.messaging.replay`); `commands` are the operator's
    commands besides the chassis's own; `migrations` bring what earlier versions stored to what this one reads (see
    `shared.storage.migrations`); `deadlines` are those that follow the days off once they are published (see
    `shared.storage.provisional`); `seals` are the rings that it seals with what travels, and `last_sealed` says of their keys when
    something that is kept was last sealed with them (see `shared.key_rotation`).
    """

    name: str
    title: str
    description: str
    documents: Sequence[type[Document]]
    routers: Sequence[APIRouter]
    modules: Sequence[ModuleType]
    at_start: Sequence[Step] = ()
    background: Sequence[Loop] = ()
    pending: Callable[[], Awaitable[dict[str, int]]] | None = None
    figures: Mapping[str, Measure] = field(default_factory=dict)
    republish: Callable[[AIOKafkaProducer, dt.datetime | None, str | None], Awaitable[int]] | None = None
    commands: Sequence[Command] = ()
    migrations: Sequence[migrations.Migration] = ()
    deadlines: Sequence[provisional.Stored] = ()
    seals: Sequence[str] = ()
    last_sealed: LastSealed | None = None

    @property
    def consumers(self) -> list[consuming.Consumer[Any]]:
        return _members(self.modules, consuming.Consumer)

    @property
    def scheduler(self) -> Scheduler:
        return Scheduler([*_members(self.modules, timers.Timer), *_members(self.modules, timers.Work)])

    @property
    def groups(self) -> list[str]:
        return sorted(consuming.group_consumers(self.consumers))


def _members(modules: Sequence[ModuleType], of: type[T]) -> list[T]:
    found = [value for module in modules for value in vars(module).values() if isinstance(value, of)]
    return list({id(value): value for value in found}.values())


@dataclass
class Process:
    """One running process of a service."""

    service: Service
    settings: Settings
    role: Role = "all"
    groups: list[Group] = field(default_factory=list)
    scheduler: Scheduler | None = None
    _brokers: list[KafkaBroker] = field(default_factory=list)
    _figures: Figures = field(init=False)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _offsets: AIOKafkaConsumer | None = None
    _started: bool = False
    _waits_for: list[str] = field(default_factory=list)
    """What has to be done to the database before this process may begin."""
    _worked: bool = False
    """Whether every group had joined once."""

    def __post_init__(self) -> None:
        certificates = expiries.Certificates(self.settings.kafka)
        own = {"outbox": relay.measure, "lag": self._measure_lag, "certificates": certificates.measure}
        self._figures = Figures({**own, **self.service.figures})

    def app(self) -> FastAPI:
        """The HTTP app, whose lifespan starts and stops everything else."""
        settings = self.settings
        operations = operations_router(self.service.name, self.backlog, self.dead_letters)
        kept = [audit.router] if AuditEntry in self.service.documents else []
        routers = [*self.service.routers, *kept] if self.role != "worker" else []
        app = make_app(
            self.service.title,
            self.service.description,
            [*routers, operations],
            Verifier(settings.issuer, settings.jwks_url, settings.audience),
            self.not_ready,
            self.stopped_work,
            self.measure,
            self._lifespan,
            settings.metrics_token,
        )
        app.add_middleware(Waiting, waits=lambda: bool(self._waits_for))
        return app

    @asynccontextmanager
    async def _lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        try:
            async with self.running() as running:
                app.state.running = running
                yield
        finally:
            await asyncio.to_thread(traces.stop)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Running]:
        """Everything but HTTP, from connecting to a clean end."""
        settings, service = self.settings, self.service
        rings = keys.read(settings.keys_file)
        expiries.show_keys(rings)
        for fact in catalogue.values():
            if fact.TYPE.split(".")[2] == service.name:
                metrics.FACTS.labels(fact.TYPE)  # shown from the start: what rises from nothing is seen to rise
        await client.connect(settings.mongo_uri, settings.mongo_database, service.documents, rings, service.name)
        await create_service_topics(service, settings)
        producer = make_producer(settings.kafka)
        await producer.start()
        try:
            running = Running(settings, producer)
            if await self._must_wait():
                self._tasks.append(asyncio.create_task(self._start_later(running), name="start"))
                self._tasks[0].add_done_callback(_say_if_broken)
            else:
                await self._start(running)
            yield running
        finally:
            self._started = False
            await self._stop_work()
            await producer.stop()
            client.disconnect()

    async def _must_wait(self) -> bool:
        """Whether the database is not yet what this version needs: an upgrade migrates it first, and this process waits."""
        self._waits_for = await migrations.waiting(self.service.migrations)
        for reason in self._waits_for:
            log.warning("service.waits", reason=reason, command=f"python -m services.{self.service.name} migrate")
        return bool(self._waits_for)

    async def _start_later(self, running: Running) -> None:
        while True:
            await asyncio.sleep(WAIT_SECONDS)
            try:
                if not await self._must_wait():
                    return await self._start(running)
            except PyMongoError as error:
                log.warning("service.waits", reason=type(error).__name__)

    async def _start(self, running: Running) -> None:
        for step in self.service.at_start:
            await step(running)
        if self.role != "api":
            await provisional.wake(self.service.deadlines)
            await self._start_work(running)
        self._started = True

    async def _start_work(self, running: Running) -> None:
        self.scheduler = self.service.scheduler
        # a broker for each group, so that they join at the same time: one after the other would take seconds each
        for name, consumers in consuming.group_consumers(self.service.consumers).items():
            broker = make_broker(self.settings.kafka)
            group = Group(name, consumers, running.producer, self.settings.kafka)
            group.subscribe(broker)
            self.groups.append(group)
            self._brokers.append(broker)
        self._offsets = AIOKafkaConsumer(**connection(self.settings.kafka))
        await asyncio.gather(self._offsets.start(), *(broker.start() for broker in self._brokers))
        loops = [
            ("relay", relay.run(running.producer, self._restore_topics, LOOK_SECONDS[self.role])),
            ("timers", self.scheduler.run()),
            *((loop.__name__, loop(running)) for loop in self.service.background),
        ]
        self._tasks = [asyncio.create_task(loop, name=name) for name, loop in loops]
        for task in self._tasks:
            metrics.LOOPS_ENDED.labels(task.get_name()).set(0)
            task.add_done_callback(_say_if_ended)

    async def _restore_topics(self) -> None:
        await create_service_topics(self.service, self.settings)

    async def _stop_work(self) -> None:
        await asyncio.gather(*(broker.stop() for broker in self._brokers))
        await asyncio.gather(*(group.cancel() for group in self.groups))
        if self._offsets is not None:
            await self._offsets.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def not_ready(self) -> dict[str, str]:
        """What keeps this process from answering its callers; in a worker, from its work.

        A process that does both and whose work has stopped goes on answering.
        """
        if not self._started:
            return {"migrate": "; ".join(self._waits_for)} if self._waits_for else {"start": "not finished"}
        missing: dict[str, str] = {}
        try:
            async with asyncio.timeout(READY_SECONDS):
                await client.storage().ping()
        except Exception as error:
            missing["database"] = type(error).__name__
        work = await self.stopped_work()
        self._worked = self._worked or not work
        return missing | (work if self.role == "worker" or not self._worked else {})

    async def stopped_work(self) -> dict[str, str]:
        """The consumer groups and loops that do not work, with the reason."""
        stopped: dict[str, str] = {}
        for group in self.groups:
            if group.stopped:
                stopped[group.name] = group.stopped
            elif not group.joined:
                stopped[group.name] = "has not joined its group"
        for task in self._tasks:
            if task.done():
                stopped["background"] = "a loop has ended"
        return stopped

    async def backlog(self) -> Backlog:
        handlers = self.scheduler.handlers if self.scheduler else {}
        work = [name for name, handler in handlers.items() if isinstance(handler, timers.Work)]
        own = await self.service.pending() if self.service.pending else {}
        lags = await asyncio.gather(*(group.lag(self._offsets) for group in self.groups)) if self._offsets else []
        return Backlog(
            outbox=await relay.pending_count(),
            # of a group that has not joined it is not known what there is to do: not nothing
            lag=sum(1 if lag is None else sum(lag.values()) for lag in lags),
            due=await taking.due_count(),
            pending={**await taking.waiting_work(work), **own},
            handled=sum(group.handled for group in self.groups) + (self.scheduler.done if self.scheduler else 0),
        )

    async def measure(self) -> None:
        """Set the metrics that are measured and not counted, for whoever reads `/metrics` next."""
        if self._started:
            await self._figures.measure()

    async def _measure_lag(self) -> None:
        if self._offsets is not None:
            await asyncio.gather(*(group.measure(self._offsets) for group in self.groups))

    async def dead_letters(self) -> list[dead_letters.DeadLetter]:
        return await dead_letters.read(self.settings.kafka, self.service.groups)


async def create_service_topics(service: Service, settings: Settings) -> None:
    """Every topic of the contracts, whoever fills it, and the service's own for dead letters."""
    wanted = [*topics(), *(dead_topic(name) for name in service.groups)]
    await create_topics(settings.kafka, wanted)


def _say_if_broken(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        _say_if_ended(task)


def _say_if_ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        error, name = task.exception(), task.get_name()
        metrics.LOOPS_ENDED.labels(name).set(1)
        log.error("service.loop_ended", loop=name, reason=type(error).__name__, exc_info=error)
