"""What a stand-in remembers: so much and no more."""

from collections import OrderedDict
from typing import Generic, TypeVar

MEMORY = 50_000
"""How many messages or enrolments a sandbox remembers; the oldest are forgotten first."""

V = TypeVar("V")


class Memory(Generic[V]):
    """A mapping that forgets its oldest entries beyond `MEMORY`."""

    def __init__(self) -> None:
        self.entries: OrderedDict[str, V] = OrderedDict()

    def get(self, key: str) -> V | None:
        """The entry, or None."""
        return self.entries.get(key)

    def put(self, key: str, value: V) -> None:
        """Remember, and forget the oldest where there are too many."""
        self.entries[key] = value
        while len(self.entries) > MEMORY:
            self.entries.popitem(last=False)
