"""What the law says on a given day: amounts, rates, deadlines and lists, each with its source.

    law = parameters.on(day_of_the_fact, place="510603", industry="freight")
    premium = law.amount("oip.premium_per_order")
    law.used  # what was asked for, to be kept with the decision

The day is the day of the fact (order taken, injury, wage month), never the day of the work on it.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from fractions import Fraction
from itertools import count
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel, ConfigDict

from shared.policy.rows import Parameter, Row, Scope, Unit, Value, covers, end_known_on, rank, read_all


class UnknownParameter(KeyError):
    """No file declares this key: a slip in the program, unlike `MissingParameter`."""


class MissingParameter(LookupError):
    """The key exists, but no value is known for this day and scope: the case goes to a person, with this reason. `entry`: the one cell
    of a table that was asked for."""

    def __init__(self, key: str, day: dt.date, scope: Scope, note: str, entry: str | None = None) -> None:
        self.key, self.day, self.scope, self.note, self.entry = key, day, scope, note, entry
        super().__init__(f"no value of {key} for {day} [{scope}]: {note}")


class Used(BaseModel):
    """One row that a decision rested on, as it stood when it was asked for. Lists and tables are JSON text."""

    model_config = ConfigDict(frozen=True)

    key: str
    value: str
    unit: str
    valid_from: dt.date
    source: str
    verified: bool


class Law:
    """The parameters of one day and one scope, and the record of those that were asked for.

    Every reader raises UnknownParameter, MissingParameter, or TypeError where the key is of another kind.
    """

    def __init__(
        self, parameters: "Parameters", day: dt.date, scope: Scope, known_on: dt.date | None, used: dict[Used, None]
    ) -> None:
        self.day: Final = day
        self.scope: Final = scope
        self._parameters = parameters
        self._known_on = known_on
        self._used = used

    @property
    def used(self) -> tuple[Used, ...]:
        """Every row asked for so far, each once, in the order of the first asking."""
        return tuple(self._used)

    def at(
        self,
        *,
        place: str | None = None,
        industry: str | None = None,
        platform: str | None = None,
        footing: str | None = None,
        tier: str | None = None,
    ) -> "Law":
        """The same day with these parts of the scope set; what it is asked for is recorded here too."""
        named = {"place": place, "industry": industry, "platform": platform, "footing": footing, "tier": tier}
        scope = Scope.model_validate({**dict(self.scope), **{k: v for k, v in named.items() if v is not None}})
        return Law(self._parameters, self.day, scope, self._known_on, self._used)

    def on(self, day: dt.date) -> "Law":
        """The law of another legal day in the same scope, as known on the same day; what it is asked for is recorded here too."""
        return Law(self._parameters, day, self.scope, self._known_on, self._used)

    # `entry` names one cell of a table, so that only that cell is recorded as used.

    def amount(self, key: str, entry: str | None = None) -> Decimal:
        """A sum, rate, ratio or percentage, in the unit of the parameter."""
        return Decimal(self.text(key, entry))

    def fraction(self, key: str, entry: str | None = None) -> Fraction:
        """A ratio that may be written as a fraction, such as two thirds."""
        return Fraction(self.text(key, entry))

    def days(self, key: str, entry: str | None = None) -> int:
        """A deadline in natural or working days, whichever its unit says."""
        unit = self._parameters.unit(key)
        if unit not in ("days", "workdays"):
            raise TypeError(f"{key} is in {unit}, not in days")
        return int(self.text(key, entry))

    def number(self, key: str, entry: str | None = None) -> int:
        """A whole number of anything else: months, years, hours, times, people."""
        return int(self.text(key, entry))

    def flag(self, key: str) -> bool:
        """A yes or no."""
        return self.text(key) == "true"

    def text(self, key: str, entry: str | None = None) -> str:
        """A single value as it is written: a code or a figure."""
        return _single(key, self._value(key, entry))

    def texts(self, key: str, entry: str | None = None) -> tuple[str, ...]:
        """A list of codes, names or ISO dates."""
        return _list(key, self._value(key, entry))

    def table(self, key: str) -> Mapping[str, str]:
        """A whole table of single values, such as months by grade; figures are decimal text."""
        return MappingProxyType({name: _single(key, cell) for name, cell in self._table(key).items()})

    def lists(self, key: str) -> Mapping[str, tuple[str, ...]]:
        """A whole table of lists, such as the departments by article."""
        return MappingProxyType({name: _list(key, cell) for name, cell in self._table(key).items()})

    def _table(self, key: str) -> Mapping[str, str | tuple[str, ...]]:
        value = self._value(key)
        if not isinstance(value, dict):
            raise TypeError(f"{key} is not a table")
        return value

    def _value(self, key: str, entry: str | None = None) -> Value:
        row = self._parameters.row(key, self.day, self.scope, self._known_on)
        told, place = self._parameters.told, (key, entry, id(row))
        if place not in told:
            told[place] = self._told(key, entry, row)
        value, used = told[place]
        self._used[used] = None
        return value

    def _told(self, key: str, entry: str | None, row: Row) -> tuple[Value, Used]:
        value = row.value
        if value is None:
            raise MissingParameter(key, self.day, self.scope, row.note, entry)
        if entry is not None:
            if not isinstance(value, dict):
                raise TypeError(f"{key} is not a table")
            if entry not in value:
                raise MissingParameter(key, self.day, self.scope, f"the table has no entry {entry}", entry)
            value = value[entry]
        used = Used(
            key=key if entry is None else f"{key}[{entry}]",
            value=as_text(value),
            unit=self._parameters.unit(key),
            valid_from=row.valid_from,
            source=str(row.source),
            verified=row.verified,
        )
        return value, used


_numbers = count()
_tried: "ContextVar[Parameters | None]" = ContextVar("parameters_tried", default=None)


class Parameters:
    """All parameters; immutable."""

    def __init__(self, declared: Iterable[Parameter]) -> None:
        self._number: Final = next(_numbers)
        self._told: Final[dict[tuple[str, str | None, int], tuple[Value, Used]]] = {}
        self._declared: Final = {parameter.key: parameter for parameter in declared}
        # Most specific scope first, so that the first row that fits is the one that holds.
        self._rows: Final = {
            key: sorted(parameter.rows, key=lambda row: rank(row.scope), reverse=True)
            for key, parameter in self._declared.items()
        }

    @classmethod
    def load(cls) -> "Parameters":
        """Read and check this package's files; raises ValueError where rows of one scope overlap or do not parse."""
        return cls(read_all().values())

    def on(
        self,
        day: dt.date,
        *,
        place: str | None = None,
        industry: str | None = None,
        platform: str | None = None,
        footing: str | None = None,
        tier: str | None = None,
        known_on: dt.date | None = None,
    ) -> Law:
        """The law of a legal day (Asia/Shanghai) at a place (six-digit code; district, then city, then province).

        With `known_on`, only what had been published by that day counts: what a decision taken then rested on.
        """
        if isinstance(day, dt.datetime):
            raise TypeError("a legal day is a date; take shanghai_date() of the instant")
        named = {"place": place, "industry": industry, "platform": platform, "footing": footing, "tier": tier}
        return Law(self, day, Scope.model_validate(named), known_on, {})

    @contextmanager
    def tried(self, draft: "Parameters") -> Iterator[None]:
        """Let what this task asks these parameters for be answered by others, which hold a draft besides the rows in force."""
        reset = _tried.set(draft)
        try:
            yield
        finally:
            _tried.reset(reset)

    @property
    def edition(self) -> int | None:
        """The number of the draft that is tried now; None for what is in force. It is in the key of whatever remembers an answer."""
        draft = _tried.get()
        return None if draft is None else draft._number

    @property
    def told(self) -> dict[tuple[str, str | None, int], tuple[Value, Used]]:
        """What was told already, by key, entry and the row (its identity: the rows live as long as these parameters)."""
        draft = _tried.get()
        return (self if draft is None else draft)._told

    def __iter__(self) -> Iterator[Parameter]:
        draft = _tried.get()
        return iter((self if draft is None else draft)._declared.values())

    def unit(self, key: str) -> Unit:
        return self._parameter(key).unit

    def row(self, key: str, day: dt.date, scope: Scope, known_on: dt.date | None = None) -> Row:
        """The row that holds; raises MissingParameter where none does, UnknownParameter for a key nobody declared."""
        draft = _tried.get()
        rows = (self if draft is None else draft)._rows_of(key)
        for row in rows:
            if covers(row.scope, scope) and row.valid_from <= day and (known_on is None or row.published <= known_on):
                ends = row.valid_to if known_on is None else end_known_on(known_on, row, rows)
                if ends is None or day <= ends:
                    return row
        raise MissingParameter(key, day, scope, "no row holds on this day and in this scope")

    def _rows_of(self, key: str) -> list[Row]:
        self._parameter(key)
        return self._rows[key]

    def _parameter(self, key: str) -> Parameter:
        try:
            return self._declared[key]
        except KeyError:
            raise UnknownParameter(key) from None


def as_text(value: Value) -> str:
    """A single value as it is, a list or table as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _single(key: str, value: Value) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{key} is not a single value")
    return value


def _list(key: str, value: Value) -> tuple[str, ...]:
    if not isinstance(value, tuple):
        raise TypeError(f"{key} is not a list")
    return value


parameters: Final = Parameters.load()
