"""Kinds of timers: what a command sets and a handler gets, named once for both."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, overload

import msgspec

from shared.storage.client import Row

P = TypeVar("P")


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
