"""What an event does to a ground for keeping a person's record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

Does = Literal["opens", "closes", "names"]


class Heard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An event that counts: its type without `cn.deyang.`, and what its fields must be, and must not be."""

    event: str
    when: Mapping[str, Sequence[Any]] = {}
    unless: Mapping[str, Sequence[Any]] = {}

    def counts(self, event: str, fact: Any) -> bool:
        return (
            event == self.event
            and all(getattr(fact, name) in values for name, values in self.when.items())
            and not any(getattr(fact, name) in values for name, values in self.unless.items())
        )


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of ground: what people read of it, the field that names the matter, and the events. `each`: a matter has several
    persons, and is one of each."""

    title: str
    matter: str
    opens: Sequence[Heard]
    closes: Sequence[Heard]
    names: Sequence[Heard] = ()
    each: bool = False

    @property
    def heard(self) -> list[Heard]:
        return [*self.opens, *self.closes, *self.names]

    def does(self, event: str, fact: Any) -> Does | None:
        """What an event does to such a matter; None where it does nothing."""
        if any(one.counts(event, fact) for one in self.closes):
            return "closes"
        if any(one.counts(event, fact) for one in self.opens):
            return "opens"
        return "names" if any(one.counts(event, fact) for one in self.names) else None


@dataclass(frozen=True, slots=True)
class Effect:
    """What an event does: the kind of ground, the matter, the person it names, and whether it opens or closes it."""

    kind: str
    matter: str
    worker_id: str | None
    does: Does

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.matter}"
