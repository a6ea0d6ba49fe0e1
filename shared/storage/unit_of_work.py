"""One MongoDB transaction as a unit of work.

A command reads through the transaction, changes documents and puts them back, says what happened with `tx.publish`, and sets
or clears deadlines with `tx.schedule` and `tx.cancel`. What it changes is collected and written by one `bulkWrite` over all
collections, right before the commit: a command costs its reads, one write and the commit. A query that could miss what was
put before it has that written first. All of it is stored together, or none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol, TypeVar, cast, overload

from beanie import Document
from motor.motor_asyncio import AsyncIOMotorClientSession
from pymongo import DeleteOne, InsertOne, ReplaceOne, ReturnDocument, UpdateOne
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared import clock, faults
from shared.contracts.base import Fact
from shared.ids import new_id
from shared.storage import reading
from shared.storage.client import Row, collection_of, storage
from shared.storage.identity_map import IdentityMap, Key, Same, group_of
from shared.storage.kinds import TimerKind, Together
from shared.storage.passing import Stale
from shared.storage.wakeup import wake, wake_within
from shared.storage.writes import Put, Write, encode, name_of, namespace, outbox_row, write_all
from shared.telemetry.traces import current_traceparent

D = TypeVar("D", bound=Document)
P = TypeVar("P")

COMMIT_MS = 10_000
LONGEST = dt.timedelta(seconds=90)
"""Longer than any transaction lasts: MongoDB ends one after a minute."""
IDS_AT_ONCE = 100
"""Ids in one query: pip's database takes long lists of them slowly."""

LATE_SECONDS = 0.5
"""How long what nobody awaits may lie in the outbox, to be published with others."""


class RequestRepeated(Exception):
    """The request that this transaction belongs to was carried out before: nothing is stored again."""


class Revised(Protocol):
    """What `shared.storage.records.Record` adds to a document."""

    id: Any
    revision: int


@dataclass(slots=True)
class Transaction:
    """The unit of work of one command."""

    _session: AsyncIOMotorClientSession
    source: str
    hopeful: bool = False
    """Whether what `load_new` is asked for is taken as new. Whoever sets it tries again without, where a key is taken."""
    _writes: list[Write | Put] = field(default_factory=list)
    _unwritten: set[str] = field(default_factory=set)
    """Collections that some of the writes go to."""
    _puts: dict[Key, Document] = field(default_factory=dict)
    """Documents among the writes."""
    _met: IdentityMap = field(default_factory=IdentityMap)
    _unread: set[Key] = field(default_factory=set)
    """Documents that some of the writes change, and that are not known as they will be."""
    _revisions: list[tuple[Revised, int]] = field(default_factory=list)
    _facts: list[tuple[Fact, dt.datetime, str | None]] = field(default_factory=list)
    _awaited: bool = False
    """Whether somebody awaits one of the facts."""
    _timers: dict[str, Row] = field(default_factory=dict)
    _about: dict[str, Document | None] = field(default_factory=dict)
    _cancelled: list[str] = field(default_factory=list)
    _together: dict[str, tuple[str, dict[str, None]]] = field(default_factory=dict)
    """The key of the one timer of a kind, and what it carries."""
    _scheduled: set[tuple[str, dt.datetime]] = field(default_factory=set)
    """Timers that `schedule_once` has found or set, and when they are due."""

    @property
    def session(self) -> AsyncIOMotorClientSession:
        """The session to read in, for a query that none of the methods can make: `write` first what it must see."""
        self._start(ReadConcern("snapshot"))
        return self._session

    def _start(self, read_concern: ReadConcern) -> None:
        """Begin the transaction, if it has not begun. One that only writes needs no snapshot, and names none."""
        if not self.begun:
            self._session.start_transaction(read_concern, WriteConcern("majority", wtimeout=COMMIT_MS))

    @property
    def begun(self) -> bool:
        return cast(bool, self._session.in_transaction)  # a property, whatever Motor's stub says

    async def get(self, document: type[D], document_id: Any) -> D | None:
        """The document of that id, or None. Asked for again in this transaction, it is the same object."""
        key = (document, document_id)
        if key not in self._met.known:
            if key in self._unread:
                await self.write()
            self._met.known[key] = await reading.one(document, document_id, self.session)
        return cast("D | None", self._met.known[key])

    async def load(self, document: type[Document], ids: Iterable[Any]) -> None:
        """Read the documents of these ids at once: `get` has them at hand then, and knows which are missing."""
        keys = dict.fromkeys((document, one) for one in ids if (document, one) not in self._met.known)
        if not self._unread.isdisjoint(keys):
            await self.write()
        unmet = (one for _, one in keys)
        while some := list(islice(unmet, IDS_AT_ONCE)):
            found = await reading.some(document, {"_id": {"$in": some}}, self.session)
            by_id: dict[Any, Document] = {one.id: one for one in found}
            self._met.known |= {(document, one): by_id.get(one) for one in some}

    async def ahead(self, ids: Iterable[Key] = (), groups: Iterable[Same] = ()) -> None:
        """Read in one go what `get` (by document and id) and `all_of` are to be asked for: they have it at hand then."""
        keys = [key for key in dict.fromkeys(ids) if key not in self._met.known]
        same = [group for one in groups if (group := group_of(*one)) not in self._met.groups]
        if not keys and not same:
            return
        if not self._unread.isdisjoint(keys) or any(name_of(document) in self._unwritten for document, _ in same):
            await self.write()
        named = {document: [one for kind, one in keys if kind is document] for document, _ in keys}
        asked = [(document, {"_id": some[0] if len(some) == 1 else {"$in": some}}) for document, some in named.items()]
        found = await reading.several([*asked, *((document, dict(values)) for document, values in same)], self.session)
        by_key = {(type(one), one.id): one for documents in found[: len(asked)] for one in documents}
        self._met.known |= {key: by_key.get(key) for key in keys}
        for group, documents in zip(same, found[len(asked) :], strict=True):
            self._met.group(group, map(self._met.same, documents))

    async def load_all_of(self, document: type[Document], name: str, values: Iterable[Any]) -> None:
        """Read at once what `all_of` is to be asked for: the documents of each of these values of one field."""
        by_value: dict[Any, list[Document]] = {
            one: [] for one in values if (document, ((name, one),)) not in self._met.groups
        }
        unmet = iter(by_value)
        while some := list(islice(unmet, IDS_AT_ONCE)):
            for found in await self.find(document, {name: {"$in": some}}):
                if (members := by_value.get(getattr(found, name))) is not None:
                    members.append(found)
        for one, documents in by_value.items():
            self._met.group((document, ((name, one),)), documents)

    def none_yet(self, document: type[Document], same: Mapping[str, Any]) -> None:
        """Say of values, as for `all_of`, that no document has them yet: what they name is new in this transaction."""
        group = group_of(document, same)
        if group not in self._met.groups:
            self._met.group(group, [])

    async def load_new(self, document: type[Document], ids: Iterable[Any]) -> None:
        """As `load`, of documents that are next to never there: a hopeful transaction does not look for them."""
        if not self.hopeful:
            await self.load(document, ids)
        else:
            for one in ids:
                self._met.known.setdefault((document, one), None)

    async def find(
        self, document: type[D], query: Mapping[str, Any], *, sort: str | None = None, limit: int | None = None
    ) -> list[D]:
        """The documents that fit. One that this transaction has met before is the same object.

        `sort` is a field's name, with `-` before it for descending order.
        """
        await self._write_before_reading(document)
        found = await reading.some(document, query, self.session, sort=sort, limit=limit)
        return [self._met.same(one) for one in found]

    async def all_of(self, document: type[D], same: Mapping[str, Any]) -> list[D]:
        """Every document of these values. They are read once in this transaction: what it puts later is among them, and what it
        gives other values is not."""
        group = group_of(document, same)
        if group not in self._met.groups:
            self._met.group(group, await self.find(document, same))
        members = cast("list[D]", self._met.groups[group])
        return [one for one in members if all(getattr(one, name) == value for name, value in same.items())]

    async def find_one(self, document: type[D], query: Mapping[str, Any]) -> D | None:
        """A document that fits, or None."""
        found = await self.find(document, query, limit=1)
        return found[0] if found else None

    async def rows(
        self,
        document: type[Document],
        query: Mapping[str, Any],
        fields: Mapping[str, Any] | None = None,
        *,
        sort: str | None = None,
        limit: int = 0,
    ) -> list[Row]:
        """The stored rows that fit, or only some fields of them, in the order of the field `sort` where one is named."""
        await self._write_before_reading(document)
        found = collection_of(document).find(query, fields, session=self.session)
        return await (found if sort is None else found.sort(sort, 1)).limit(limit).to_list(None)

    def put(self, document: Revised, seen: int) -> None:
        """Store a document that was at revision `seen` when it was read (0: a new one); see `Record.put`."""
        assert isinstance(document, Document)
        key = (type(document), document.id)
        earlier = self._puts.get(key)
        if earlier is None:
            self._met.known[key] = self._puts[key] = document
            self._revisions.append((document, seen))
            self._collect(name_of(type(document)), Put(document, seen))
        elif earlier is not document:
            raise Stale(f"{type(document).__name__} was put as two objects")
        self._met.join_groups(document)

    def insert(self, document: Document) -> None:
        """Store a new document that has no revision."""
        self._met.known[type(document), document.id] = document
        self.insert_rows(type(document), [encode(document)])

    def insert_rows(self, document: type[Document], rows: Sequence[Mapping[str, Any]]) -> None:
        """Store new rows as they are."""
        self._insert(name_of(document), rows)

    def update(self, document: type[Document], document_id: Any, change: Row, *, upsert: bool = False) -> None:
        """Change fields of one stored document that need not be read; nothing happens where it is not there."""
        name = name_of(document)
        self._forget((document, document_id))
        self._unread.add((document, document_id))
        model = UpdateOne({"_id": document_id}, change, upsert=upsert, namespace=namespace(name))
        # where another transaction makes it at the same moment, this one is done again and finds it
        self._collect(name, Write(model, name, duplicate=Stale(name) if upsert else None))

    def delete(self, document: type[Document], document_id: Any) -> None:
        """Remove a document, if it is there."""
        name = name_of(document)
        self._forget((document, document_id))
        self._met.known[document, document_id] = None
        self._collect(name, Write(DeleteOne({"_id": document_id}, namespace=namespace(name)), name))

    async def change(self, document: type[Document], document_id: Any, change: Row) -> Row:
        """Change fields of one stored document at once, made where it is not there; the row after it."""
        await self._write_before_reading(document)
        self._forget((document, document_id))
        row: Row = await collection_of(document).find_one_and_update(
            {"_id": document_id},
            change,
            upsert=True,
            return_document=ReturnDocument.AFTER,
            session=self.session,
        )
        return row

    async def update_many(self, document: type[Document], query: Mapping[str, Any], change: Row) -> int:
        """Change all stored documents that fit, at once; says how many there were."""
        await self._forget_all(document)
        result = await collection_of(document).update_many(query, change, session=self.session)
        return result.modified_count

    async def delete_many(self, document: type[Document], query: Mapping[str, Any]) -> int:
        """Remove all stored documents that fit, at once; says how many there were."""
        await self._forget_all(document)
        result = await collection_of(document).delete_many(query, session=self.session)
        return result.deleted_count

    def publish(self, fact: Fact, *, at: dt.datetime | None = None, late: bool = False) -> None:
        """Publish a fact when this transaction is stored. `at`: when it happened, where that was not just now; `late`: nobody
        awaits it, so that it goes with others a little later."""
        self._facts.append((fact, at or clock.now(), current_traceparent()))
        self._awaited |= not late

    @overload
    def schedule(
        self, kind: TimerKind[None], key: str, due_at: dt.datetime, *, about: Document | None = None
    ) -> None: ...
    @overload
    def schedule(self, kind: TimerKind[P], key: str, due_at: dt.datetime, payload: P) -> None: ...
    def schedule(
        self,
        kind: TimerKind[Any],
        key: str,
        due_at: dt.datetime,
        payload: Any = None,
        *,
        about: Document | None = None,
    ) -> None:
        """Set a timer, in place of one of the same kind and key. The handler declared for `kind` gets it at `due_at`.

        Of several of one kind and key in a transaction the last one holds, as does a `cancel` that follows them. Where
        the same process does what is due at once, it is given the document that it is `about`, and need not read it.
        """
        timer_id = kind.id_of(key)
        self._about[timer_id] = about
        self._timers[timer_id] = kind.row(key, due_at, payload)

    def schedule_together(self, kind: TimerKind[Together], item: str) -> None:
        """Have what this transaction names handled once it is stored: all of one kind by one timer."""
        key, items = self._together.setdefault(kind.name, (new_id(), {}))
        items[item] = None
        self.schedule(kind, key, clock.now(), Together(tuple(items)))

    async def schedule_once(self, kind: TimerKind[None], key: str, due_at: dt.datetime) -> None:
        """Set a timer that many transactions set alike and none cancels: where it is stored already it is left as it is, so that they
        do not meet in it. One that might be taken before this transaction ends is set anew."""
        timer_id = kind.id_of(key)
        if (timer_id, due_at) in self._scheduled:
            return
        self._scheduled.add((timer_id, due_at))
        alike = {"_id": timer_id, "due_at": due_at, "holder": None}
        if due_at - clock.now() > LONGEST:
            timers = storage().collection("timers")
            if await timers.find_one(alike, {"_id": 1}, session=self.session) is not None:
                return
        self.schedule(kind, key, due_at)

    def cancel(self, kind: TimerKind[Any], key: str) -> None:
        """Clear a timer, if it is set."""
        timer_id = kind.id_of(key)
        self._timers.pop(timer_id, None)
        self._cancelled.append(timer_id)

    def finish_timer(self, timer_id: str, holder: str, lost: Exception) -> None:
        """Remove a timer that `holder` has taken; `lost` is raised in the end where it is theirs no more."""
        mine = {"_id": timer_id, "holder": holder}
        self._collect("timers", Write(DeleteOne(mine, namespace=namespace("timers")), "timers", absent=lost))

    def mark_consumed(self, marks: Sequence[Row]) -> None:
        """Say that events have had their effect; `DuplicateKeyError` is raised in the end where one has had it before."""
        self._insert("inbox", marks)

    def finish_request(self, row: Row) -> None:
        """Store the answer to a request; `RequestRepeated` is raised in the end where there is one already."""
        self._insert("idempotency", [row], duplicate=RequestRepeated())

    async def write(self) -> None:
        """Write what was collected so far; raises what `write_all` raises."""
        await self._write(commit=False)

    async def _write(self, *, commit: bool) -> None:
        if self._writes:
            writes, self._writes = self._writes, []
            self._puts.clear()
            self._unwritten.clear()
            self._unread.clear()
            self._start(ReadConcern())
            await write_all(writes, self._session, commit=commit)
        elif commit and self.begun:
            await self._session.commit_transaction()

    async def commit(self) -> None:
        """Write what is left, last of all the outbox: ids made now sort behind those of the changes seen so far."""
        timers = namespace("timers")
        for timer_id in self._cancelled:
            self._collect("timers", Write(DeleteOne({"_id": timer_id}, namespace=timers), "timers"))
        dispatcher = storage().dispatcher
        for timer in self._timers.values():
            if dispatcher is not None and timer["due_at"] <= clock.now():
                dispatcher.reserve(timer)
            model = ReplaceOne({"_id": timer["_id"]}, timer, upsert=True, namespace=timers)
            self._collect("timers", Write(model, "timers"))
        self._insert("outbox", [outbox_row(self.source, *told) for told in self._facts])
        await self._write(commit=True)
        faults.reach("transaction.stored")
        self._stored()

    async def end(self) -> None:
        """End the session; what was not committed is undone."""
        if self.begun:
            await self._session.abort_transaction()
        self._session.delegate.end_session()  # which asks the server for nothing now

    @asynccontextmanager
    async def ending(self) -> AsyncIterator[None]:
        """End the session with what is done inside; where that fails nothing is stored."""
        try:
            yield
        except BaseException:
            self.restore_revisions()
            raise
        finally:
            await self.end()

    def restore_revisions(self) -> None:
        """Give the documents back the revisions that they were read with, since nothing was stored."""
        for document, revision in self._revisions:
            document.revision = revision

    def _stored(self) -> None:
        """What follows in this process when everything is stored."""
        if self._awaited:
            wake("relay")
        elif self._facts:
            wake_within("relay", LATE_SECONDS)
        dispatcher = storage().dispatcher
        for timer in self._timers.values():
            if dispatcher is None:
                break
            if timer["holder"] is not None:
                dispatcher.take(timer, self._about[timer["_id"]])
            else:
                dispatcher.expect(timer)
        if self._timers:
            wake("timers")

    def _insert(self, name: str, rows: Sequence[Mapping[str, Any]], duplicate: Exception | None = None) -> None:
        where = namespace(name)
        for row in rows:
            self._collect(name, Write(InsertOne(cast(Row, row), namespace=where), name, duplicate=duplicate))

    def _collect(self, name: str, write: Write | Put) -> None:
        self._writes.append(write)
        self._unwritten.add(name)

    async def _write_before_reading(self, document: type[Document]) -> None:
        if name_of(document) in self._unwritten:
            await self.write()

    def _forget(self, key: Key) -> None:
        self._met.forget(key)
        self._puts.pop(key, None)

    async def _forget_all(self, document: type[Document]) -> None:
        await self.write()
        self._met.forget_all(document)
