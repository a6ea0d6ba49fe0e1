"""What a sum still waits for: which values nobody has, and what it comes to once a person has entered them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from services.insurance.benefits.calculation import calculate
from services.insurance.benefits.fact_rules import Facts
from shared.errors import RuleBroken
from shared.policy.parameters import Law, Parameters, Used, parameters
from shared.policy.rows import Row, Scope, Source

WHOLE = frozenset({"months", "multiple", "count"})
"""Units of which there are no parts."""

STAND_IN = "1"


@dataclass(frozen=True, slots=True)
class Value:
    """What a person entered for a parameter that nobody has, or for one entry of its table, and the document that it stands in."""

    key: str
    entry: str | None
    value: str
    document: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a sum waits for: `missing`, in the order in which it is asked for, and the rows that are `known` of it."""

    missing: tuple[tuple[str, str | None], ...]
    known: tuple[Used, ...]


def with_values(law: Law, values: Iterable[Value]) -> Law:
    """The law of the same day and place, with what a person entered in place of what nobody has; nothing of it is verified."""
    held = {one.key: one for one in parameters}
    for one in values:
        row = Row(
            value=one.value if one.entry is None else {one.entry: one.value},
            scope=Scope(place=law.scope.place),
            valid_from=law.day,
            valid_to=law.day,
            published=law.day,
            source=Source(document=one.document),
            verified=False,
            note="entered by a person for one benefit",
        )
        known = held[one.key]
        held[one.key] = known.model_copy(update={"rows": (row, *known.rows)})
    return Parameters(held.values()).on(law.day, place=law.scope.place)


def lacking(kind: str, facts: Facts, law: Law, entered: Iterable[Value] = ()) -> Lacking:
    """Everything that the sum of a kind waits for, and what is known of it already."""
    missing: list[tuple[str, str | None]] = []
    values = list(entered)
    while True:
        asked = with_values(law, values)
        try:
            found = calculate(kind, facts, asked)
        except RuleBroken:  # a stand-in makes a sum that the rules forbid
            break
        if found.missing is None or (found.missing, found.entry) in missing:
            break
        missing.append((found.missing, found.entry))
        values.append(Value(found.missing, found.entry, STAND_IN, ""))
    names = {key if entry is None else f"{key}[{entry}]" for key, entry in missing}
    return Lacking(tuple(missing), tuple(one for one in asked.used if one.key not in names))


def check(key: str, value: str) -> str:
    """The value as it is kept; raises RuleBroken where the parameter cannot have it."""
    unit = parameters.unit(key)
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal(-1)
    whole = unit not in WHOLE or number == number.to_integral_value()
    if not number.is_finite() or not whole or number < 0 or (number == 0 and unit != "percent"):
        raise RuleBroken("value-does-not-fit", f"该参数的值应为正数（单位：{unit}）", f"it is a figure in {unit}")
    return f"{number.normalize():f}"


def title_of(key: str) -> str:
    return next(one.title for one in parameters if one.key == key)


def note_of(key: str, day: dt.date, place: str) -> str:
    """Why nobody has the value, as its row says."""
    return parameters.row(key, day, Scope(place=place)).note
