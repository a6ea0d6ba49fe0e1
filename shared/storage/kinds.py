"""Kinds of timers: what a command sets and a handler gets, named once for both."""

from __future__ import annotations

import datetime as dt
from typing import Any, Generic, TypeVar, overload

import msgspec

from shared import clock
from shared.storage.client import Row
from shared.telemetry.traces import current_traceparent

P = TypeVar("P")


class Together(msgspec.Struct, frozen=True):
    """What one transaction has named of a kind, see `Transaction.schedule_together`."""

    items: tuple[str, ...] = ()


class TimerKind(Generic[P]):
    """A kind of timers or of outside work: its name, and the struct that each carries, where its key does not say all."""

    @overload
    def __init__(self: TimerKind[None], name: str) -> None: ...
    @overload
    def __init__(self: TimerKind[P], name: str, payload: type[P]) -> None: ...
    def __init__(self, name: str, payload: type[Any] | None = None) -> None:
        self.name, self.payload = name, payload

    def __repr__(self) -> str:
        return self.name

    def id_of(self, key: str) -> str:
        """The id of the one timer of this kind and key."""
        return f"{self.name}:{key}"

    def row(self, key: str, due_at: dt.datetime, payload: P | None) -> Row:
        """A timer as it is stored, held by nobody."""
        # what is due at once is part of the trace that sets it; a deadline begins one of its own, which only links to it
        trace = "traceparent" if due_at <= clock.now() else "linked"
        return {
            "_id": self.id_of(key), "kind": self.name, "key": key, "due_at": due_at, "data": self.stored(payload),
            "attempts": 0, "holder": None, trace: current_traceparent(),
        }  # fmt: skip

    def stored(self, payload: P | None) -> Row:
        """The payload as it is stored."""
        row: Row = {} if payload is None else msgspec.to_builtins(payload)
        return row

    def read(self, row: Row) -> P:
        """The payload of a stored row; raises msgspec.ValidationError where it is of another shape."""
        if self.payload is None:
            return None  # type: ignore[return-value]
        payload: P = msgspec.convert(row, self.payload)
        return payload
