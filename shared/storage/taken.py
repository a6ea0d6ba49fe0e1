"""What may exist once: a value that one document at a time may have is a document of its own, whose id is the value.

A unique index does the same only on a field that never changes, and on one machine: a sharded cluster keeps nothing unique
across its shards but the shard key. Two transactions that take one value meet at its id, and one of them is done again.
"""

from __future__ import annotations

from typing import Self

from shared.storage.records import Record
from shared.storage.transaction import Transaction


class AlreadyTaken(ValueError):
    """Another document has the value; `holder` is its id."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(f"{holder} has it")


class Taken(Record):
    """One taken value: its id. `holder` is the id of the document that has it. Each kind has a collection of its own."""

    holder: str

    @classmethod
    async def take(cls, value: str, holder: str, tx: Transaction) -> Self:
        """Let a document have a value, from this transaction on; raises AlreadyTaken where another has it."""
        known = await cls.of(value, tx)
        if known is None:
            return await cls(id=value, holder=holder).put(tx)
        if known.holder != holder:
            raise AlreadyTaken(known.holder)
        return known

    @classmethod
    async def give_up(cls, value: str, holder: str, tx: Transaction) -> None:
        """Give a value free, where this document has it."""
        known = await cls.of(value, tx)
        if known is not None and known.holder == holder:
            tx.delete(cls, value)

    @classmethod
    async def hand_over(cls, value: str, holder: str, other: str, tx: Transaction) -> None:
        """Let another document have a value that this one has, in one go: nobody takes it between the two. A value that none has
        is taken."""
        known = await cls.take(value, holder, tx)
        known.holder = other
        await known.put(tx)
