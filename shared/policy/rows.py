"""The shape of the parameter files, checked once when they are loaded."""

import datetime as dt
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import combinations
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Unit = Literal[
    "CNY", "CNY/order", "CNY/hour", "CNY/day", "CNY/month",
    "minutes", "hours", "days", "workdays", "months", "years", "age", "day_of_month",
    "ratio", "ratio/day", "percent", "count", "multiple", "flag", "code", "codes", "names", "lists", "date", "dates",
]  # fmt: skip

CALENDAR = "working_days.yaml"
"""The one file of the folder that holds no parameters: it is the calendar's."""

Value = str | tuple[str, ...] | dict[str, str | tuple[str, ...]]


# libyaml, where it is there, loads the files ten times as fast.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _exact(raw: object) -> object:
    """YAML scalars as text. Binary floats and YAML's yes/no are refused: a figure must be read as it was written."""
    if isinstance(raw, float):
        raise ValueError("write a decimal figure in quotes")
    if isinstance(raw, bool):
        raise ValueError("write a flag as the text 'true' or 'false'")
    if isinstance(raw, int | dt.date):
        return str(raw)
    if isinstance(raw, list):
        return tuple(_exact(item) for item in raw)
    if isinstance(raw, dict):
        return {str(key): _exact(item) for key, item in raw.items()}
    return raw


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Source(_Part):
    """The document a figure stands in, by its usual name or number, and the article where there is one."""

    document: str
    article: str = ""

    def __str__(self) -> str:
        return f"{self.document} {self.article}".rstrip()


class Scope(_Part):
    """Where a row holds; an absent part holds everywhere. `place` is a six-digit GB/T 2260 code."""

    place: Annotated[str | None, Field(pattern=r"^[1-9]\d{5}$")] = None
    industry: Literal["ride_hailing", "instant_delivery", "freight", "courier", "other"] | None = None
    platform: str | None = None
    footing: Literal["employment", "partial", "self_employed"] | None = None
    tier: str | None = None

    def __str__(self) -> str:
        return " ".join(f"{name}={value}" for name, value in self if value is not None)


class Row(_Part):
    """One value over one stretch of legal days, both ends included. A null value is one that nobody has found."""

    value: Annotated[Value | None, BeforeValidator(_exact)]
    scope: Scope = Scope()
    valid_from: dt.date = Field(alias="from")
    valid_to: dt.date | None = Field(alias="to", default=None)
    published: dt.date
    source: Source
    verified: bool
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _published_when_it_began(cls, data: Any) -> Any:
        if isinstance(data, dict) and "published" not in data and "from" in data:
            return {**data, "published": data["from"]}
        return data

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("ends before it begins")
        if self.value is None and (self.verified or not self.note):
            raise ValueError("a missing value is never verified, and its note says what is missing")
        return self

    def overlaps(self, other: "Row") -> bool:
        return self.valid_from <= (other.valid_to or dt.date.max) and other.valid_from <= (self.valid_to or dt.date.max)


class Parameter(_Part):
    """One figure or list of the law with all that it ever was. `title` is Chinese, `description` English."""

    key: str
    title: str
    description: str
    unit: Unit
    rows: tuple[Row, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_value_a_day(self) -> Self:
        for one, other in combinations(self.rows, 2):
            if one.scope == other.scope and one.overlaps(other):
                raise ValueError(f"{self.key}: two rows of the scope [{one.scope}] hold on {other.valid_from}")
        return self


def parse(text: str) -> Iterator[Parameter]:
    """Parameters of one YAML file: a mapping of key to title, description, unit and rows."""
    for key, body in (yaml.load(text, Loader=LOADER) or {}).items():  # noqa: S506 - one of the two safe loaders
        yield Parameter.model_validate({"key": key, **body})


def read_all() -> dict[str, Parameter]:
    """Every parameter of this package's YAML files by key; raises ValueError where a file or a key is wrong."""
    found: dict[str, Parameter] = {}
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".yaml") or file.name == CALENDAR:
            continue
        for parameter in parse(file.read_text(encoding="utf-8")):
            if parameter.key in found:
                raise ValueError(f"{parameter.key} stands in two places, one of them {file.name}")
            found[parameter.key] = parameter
    return found


def rank(scope: Scope) -> tuple[int, bool, bool, bool, bool]:
    """How specific a scope is: the larger, the more so."""
    place = scope.place
    level = 0 if place is None else 1 if place.endswith("0000") else 2 if place.endswith("00") else 3
    return (
        level,
        scope.industry is not None,
        scope.platform is not None,
        scope.footing is not None,
        scope.tier is not None,
    )


def covers(of_row: Scope, asked: Scope) -> bool:
    """Whether a row's scope takes in the asked one: its place is the same or lies above, its other parts are equal."""
    if of_row.place is not None and (
        asked.place is None or of_row.place not in (asked.place, asked.place[:4] + "00", asked.place[:2] + "0000")
    ):
        return False
    return (
        of_row.industry in (None, asked.industry)
        and of_row.platform in (None, asked.platform)
        and of_row.footing in (None, asked.footing)
        and of_row.tier in (None, asked.tier)
    )


def end_known_on(known_on: dt.date, row: Row, rows: Iterable[Row]) -> dt.date | None:
    """The end of a row as it was known: a row ends by what comes after it, and that may not have been published yet."""
    if row.valid_to is not None and any(
        later.scope == row.scope and later.published > known_on and later.valid_from == row.valid_to + dt.timedelta(1)
        for later in rows
    ):
        return None
    return row.valid_to
