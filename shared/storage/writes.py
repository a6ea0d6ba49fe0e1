"""The writes that a transaction collects, and the one `bulkWrite` over several collections that carries them out."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import msgspec
from beanie import Document
from beanie.odm.utils.encoder import Encoder
from pydantic import BaseModel, RootModel
from pymongo import DeleteOne, InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import ClientBulkWriteException, DuplicateKeyError, OperationFailure, WriteConcernError
from pymongo.results import ClientBulkWriteResult

from shared.contracts.base import Fact
from shared.ids import new_id
from shared.storage.client import Row, Session, collection_of, on_thread, storage
from shared.storage.passing import Stale

DUPLICATE_KEY, WRITE_CONCERN_FAILED = 11000, 64

Model = InsertOne[Row] | ReplaceOne[Row] | DeleteOne | UpdateOne


@dataclass(frozen=True, slots=True)
class Write:
    """One write. `absent` is raised where what it was to meet is not there, `duplicate` where its id is taken."""

    model: Model
    collection: str
    absent: Exception | None = None
    duplicate: Exception | None = None


@dataclass(frozen=True, slots=True)
class Put:
    """A document to be stored as it is when the writes are carried out, in place of its revision `seen` (0: none)."""

    document: Document
    seen: int


def namespace(collection: str) -> str:
    return f"{storage().database.name}.{collection}"


def name_of(document: type[Document]) -> str:
    return str(collection_of(document).name)


PLAIN = frozenset({type(None), str, int, float, bool, dt.datetime})
"""Types whose values are stored as they are."""


def encode(document: Document) -> Row:
    """A document as it is stored: as Beanie's encoder has it, which asks of every value whether it is one of twenty types."""
    settings = document.get_settings()
    if settings.bson_encoders or settings.union_doc or document._class_id or document.get_link_fields():
        return cast(Row, Encoder(to_db=True).encode(document))
    return _fields(document)


def _fields(model: BaseModel) -> Row:
    aliases = _aliases(type(model))
    return {
        aliases[name]: value if type(value) in PLAIN else encoded(value)
        for name, value in vars(model).items()
        if name in aliases
    }


def encoded(value: Any) -> Any:
    """A value as it is stored in a document: as Beanie has it, without its question for each of what is stored as it is."""
    kind = type(value)
    if kind is list:
        return [one if type(one) in PLAIN else encoded(one) for one in value]
    if issubclass(kind, BaseModel) and not issubclass(kind, RootModel) and kind.model_config.get("extra") != "allow":
        return _fields(value)
    return _ENCODER.encode(value)


_ENCODER = Encoder(to_db=True)


def _aliases(model: type[BaseModel]) -> dict[str, str]:
    """The names that a model's fields are stored under."""
    if model not in _named:
        _named[model] = {name: field.alias or name for name, field in model.model_fields.items()}
    return _named[model]


_named: dict[type[BaseModel], dict[str, str]] = {}


def stored(values: Row) -> Row:
    """The values of a condition or a change as they are stored in a document: money as Decimal128."""
    return cast(Row, Encoder(to_db=True).encode(values))


def outbox_row(source: str, fact: Fact, at: dt.datetime, traceparent: str | None) -> Row:
    """A fact as it waits to be published."""
    return {
        "_id": new_id(),
        "source": source,
        "type": fact.TYPE,
        "topic": fact.TOPIC.name,
        "key": fact.key(),
        "time": at,
        "data": msgspec.json.encode(fact),
        "traceparent": traceparent,
        "pending": True,
    }


async def write_all(writes: Sequence[Write | Put], session: Session, *, commit: bool = False) -> None:
    """Carry out writes in their order, and commit the session's transaction right after them where that is asked.

    Raises `DuplicateKeyError`, `Stale`, what the writes say themselves, or the database's own error; none quotes a row.
    """
    plain = [_of_put(write) if isinstance(write, Put) else write for write in writes]
    models = [write.model for write in plain]
    client, own, awaited = storage().client.delegate, session.delegate, True

    def carry_out() -> None:
        result = client.bulk_write(models, session=own, ordered=True, verbose_results=True)
        for place, write in enumerate(plain):
            if write.absent is not None and _met(result, place) == 0:
                raise write.absent
        if commit and awaited:
            own.commit_transaction()

    try:
        await on_thread(carry_out)
    except ClientBulkWriteException as error:
        raise _fault(plain, error) from None
    except asyncio.CancelledError:
        awaited = False
        raise


def _of_put(put: Put) -> Write:
    row, collection = encode(put.document), name_of(type(put.document))
    where = namespace(collection)
    if put.seen == 0:
        return Write(InsertOne(row, namespace=where), collection)
    seen = {"_id": row["_id"], "revision": put.seen}
    return Write(ReplaceOne(seen, row, namespace=where), collection, absent=Stale(collection))


def _met(result: ClientBulkWriteResult, place: int) -> int:
    update, delete = result.update_results.get(place), result.delete_results.get(place)
    if update is not None:
        return update.matched_count
    return delete.deleted_count if delete is not None else 1


def _fault(writes: Sequence[Write], error: ClientBulkWriteException) -> Exception:
    if isinstance(error.error, Exception):
        return error.error
    faults: Any = error.write_errors or ()
    for fault in faults:
        write = writes[fault["idx"]]
        if fault.get("code") == DUPLICATE_KEY:
            fields = ", ".join(fault.get("keyPattern", {}))
            text = f"duplicate key in {write.collection}: {fields}"
            return write.duplicate or DuplicateKeyError(text, DUPLICATE_KEY, {"collection": write.collection})
        return OperationFailure(f"a write to {write.collection} failed", fault.get("code"))
    return WriteConcernError("no majority has acknowledged the writes", WRITE_CONCERN_FAILED)
