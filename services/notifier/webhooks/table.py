"""The table of the events that go to platforms, read when the service starts; a row that cannot work stops it at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_type_hints

import msgspec

from shared.contracts import catalogue
from shared.contracts.base import Fact, Sealed

FILE = Path(__file__).with_name("events.yaml")
NAMES_A_PERSON = frozenset({"worker_id", "merged_worker_id", "id_number", "name", "phone", "contact_phone"})
"""Fields that say who somebody is beyond one platform."""


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event, the fields that name to whom it goes, and the fields that go. It goes where each of `when` has such a value."""

    event: str
    to: tuple[Literal["platform", "platforms", "third_parties", "partner", "unit", "uscc"], ...]
    fields: tuple[str, ...]
    when: Mapping[str, Sequence[str | None]] = {}

    @property
    def type(self) -> str:
        return f"cn.deyang.{self.event}"


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kept_back`: the events that do not go, by the reason."""

    sent: tuple[Row, ...]
    kept_back: Mapping[str, tuple[str, ...]]


def read(text: bytes) -> Table:
    """The table. Raises ValueError, with every reason, where a row cannot work or an event is neither sent nor kept back."""
    table = msgspec.yaml.decode(text, type=Table)
    sent = {row.type for row in table.sent}
    back = [f"cn.deyang.{event}" for events in table.kept_back.values() for event in events]
    wrong = [f"{row.event}: {fault}" for row in table.sent for fault in _faults(row)]
    wrong += [f"{one} is neither sent nor kept back" for one in sorted(catalogue.keys() - sent - set(back))]
    wrong += [f"{one} is both sent and kept back, or kept back twice" for one in sorted(back) if one in sent]
    wrong += [f"there is no event {one}" for one in sorted(set(back) - catalogue.keys())]
    if wrong or len(set(back)) != len(back):
        raise ValueError("; ".join(wrong) or "an event is kept back twice")
    return table


def _faults(row: Row) -> list[str]:
    fact = catalogue.get(row.type)
    if fact is None:
        return ["there is no such event"]
    hints = get_type_hints(fact, include_extras=True)
    names = set(fact.__struct_fields__)
    faults = [f"it has no {name}" for name in sorted({*row.to, *row.fields, *row.when} - names)]
    return faults + [
        f"{name} says who a person is" for name in row.fields if name in NAMES_A_PERSON or hints.get(name) == Sealed
    ]


TABLE = read(FILE.read_bytes())
SENT: Mapping[str, type[Fact]] = {name: catalogue[name] for name in sorted({row.type for row in TABLE.sent})}
"""The events that platforms may hear of, by type."""
ROWS_OF: Mapping[str, Sequence[Row]] = {name: [row for row in TABLE.sent if row.type == name] for name in SENT}


def told(fact: Fact) -> dict[str, dict[str, Any]]:
    """To whom an event goes, by credit code, each with the fields of it that go there."""
    found: dict[str, dict[str, Any]] = {}
    for row in ROWS_OF.get(fact.TYPE, ()):
        if all(getattr(fact, name) in allowed for name, allowed in row.when.items()):
            for recipient in (one for field in row.to for one in _named(getattr(fact, field))):
                if recipient is not None:
                    found.setdefault(recipient, {name: getattr(fact, name) for name in row.fields})
    return found


def _named(value: str | tuple[str, ...] | None) -> tuple[str | None, ...]:
    """The recipients in a field that names one or several."""
    return value if isinstance(value, tuple) else (value,)
