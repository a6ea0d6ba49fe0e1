"""Every shape of query that a service sends must be served by an index, or stand in `unindexed.yaml` with its reason.

Queries that the tests send themselves do not count: only what runs with `sent_by` set does, the service's loops and its
answers to requests. Each shape is explained once in a run, with the filter that was met first.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import monitoring
from pymongo.errors import ConnectionFailure, InvalidOperation
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.local.database import database_kind
from shared.storage.client import Storage
from tests.lists import listed

Filter = Mapping[str, Any]
LIST = Path(__file__).with_name("unindexed.yaml")
WRITES = {"update": "updates", "delete": "deletes"}
_sender: ContextVar[str | None] = ContextVar("sender", default=None)


@contextmanager
def sent_by(service: str) -> Iterator[None]:
    """What is begun inside, and whatever that begins, is a service's."""
    before = _sender.set(service)
    try:
        yield
    finally:
        _sender.reset(before)


def answering(app: ASGIApp, service: str) -> ASGIApp:
    """The app, whose answers are a service's doing though a test calls it."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        with sent_by(service):
            await app(scope, receive, send)

    return answer


@dataclass(frozen=True, slots=True)
class Query:
    """The first filter of its shape."""

    service: str
    collection: str
    filter: Filter


class Watch(monitoring.CommandListener):
    """Notes down the shapes of all queries of services, and has each explained once."""

    def __init__(self) -> None:
        self.sent: set[str] = set()
        self.undirected: set[str] = set()
        """Writes of one document that do not name its id: a sharded cluster cannot send them to one shard."""
        self._unexplained: dict[str, Query] = {}
        self.explained: dict[str, bool] = {}
        """Whether an index serves a shape."""

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        service = _sender.get()
        if service is None:
            return
        for collection, wanted in of_one(event.command_name, event.command):
            if "_id" not in wanted:
                self.undirected.add(f"{service}.{collection} {shape(wanted)}")
        for collection, wanted in filters(event.command_name, event.command):
            if not by_id(wanted):
                name = f"{service}.{collection} {shape(wanted)}"
                if name not in self.sent:
                    self.sent.add(name)
                    self._unexplained[name] = Query(service, collection, wanted)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass

    async def explain(self, service: str, storage: Storage) -> None:
        """Have the new shapes of a service explained; fails where the list says otherwise, or a write names no id."""
        assert not self.undirected, f"writes of one document that do not name its id: {sorted(self.undirected)}"
        if database_kind() == "embedded" and "MONGO_URI" not in os.environ:
            return  # it says of a filter that names a field besides an index's that it scans
        mine = {name: query for name, query in self._unexplained.items() if query.service == service}
        known = listed(LIST)
        for name, query in mine.items():
            try:
                command = {"find": query.collection, "filter": query.filter}
                found = await storage.database.command("explain", command)
            except (ConnectionFailure, InvalidOperation):
                return  # a test has taken the database away, or ended the service; another will send the same
            plan = str(found["queryPlanner"]["winningPlan"])
            if "EOF" not in plan:  # else there is no such collection yet, nor an index
                del self._unexplained[name]
                self.explained[name] = "COLLSCAN" not in plan
        new = sorted(name for name in set(mine) - set(known) if not self.explained.get(name, True))
        mended = sorted(name for name in set(mine) & set(known) if self.explained.get(name))
        assert not new, f"queries that no index serves: {new}"
        assert not mended, f"an index serves these now, so take them off the list: {mended}"


watch = Watch()
monitoring.register(watch)


def filters(command: str, said: Mapping[str, Any]) -> Iterator[tuple[str, Filter]]:
    """The collections that a command looks into, each with what is looked for there."""
    match command:
        case "find":
            # all documents in the order of their ids, as pages are read: that is what the ids' own index is for
            if asks(said.get("filter", {})) or next(iter(said.get("sort", {})), None) != "_id":
                yield said["find"], said.get("filter", {})
        case "aggregate" if isinstance(said["aggregate"], str):
            first: Filter = next(iter(said["pipeline"]), {})
            yield said["aggregate"], first.get("$match", {})
        case "distinct" | "findAndModify":
            yield said[command], said.get("query", {})
        case "update" | "delete":
            yield from ((said[command], one["q"]) for one in said[WRITES[command]])
        case "bulkWrite":
            names = [one["ns"].partition(".")[2] for one in said["nsInfo"]]
            for write in said["ops"]:
                if "filter" in write:
                    yield names[write.get("update", write.get("delete"))], write["filter"]


def of_one(command: str, said: Mapping[str, Any]) -> Iterator[tuple[str, Filter]]:
    """The collections in which a command changes one document, each with what says which."""
    match command:
        case "findAndModify":
            yield said[command], said.get("query", {})
        case "update" | "delete":
            for one in said[WRITES[command]]:
                if not one.get("multi") and one.get("limit") != 0:
                    yield said[command], one["q"]
        case "bulkWrite":
            names = [one["ns"].partition(".")[2] for one in said["nsInfo"]]
            for write in said["ops"]:
                if "filter" in write and not write.get("multi"):
                    yield names[write.get("update", write.get("delete"))], write["filter"]


def asks(wanted: Filter) -> bool:
    """Whether a filter leaves out anything."""
    return any(asks(part) for part in wanted["$and"]) if set(wanted) == {"$and"} else bool(wanted)


def by_id(wanted: Filter) -> bool:
    """Whether a filter names the ids of what it looks for."""
    if any(by_id(part) for part in wanted.get("$and", ())):
        return True
    wanted_id = wanted.get("_id")
    return wanted_id is not None and (not isinstance(wanted_id, Mapping) or bool({"$in", "$eq"} & set(wanted_id)))


def shape(wanted: Any) -> str:
    """What a filter asks of which fields; its values are left out, but for those that a partial index may depend on."""
    parts = []
    for name, value in sorted(wanted.items()):
        if name in ("$and", "$or", "$nor"):
            parts.append(f"{name}({', '.join(sorted({shape(part) for part in value}))})")
        elif isinstance(value, Mapping) and any(key.startswith("$") for key in value):
            parts.append(f"{name} {' '.join(sorted(value))}")
        else:
            parts.append(f"{name}={value}" if value is None or isinstance(value, bool) else name)
    return f"{{{', '.join(parts)}}}"
