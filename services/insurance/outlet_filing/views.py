"""What callers send of outlets, and what they see; and the month's list as CSV or JSON."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Annotated, Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.insurance.outlet_filing.commands import Declared
from services.insurance.outlets.rules import Filing, insurer_of
from shared.errors import Conflict
from shared.web.fields import District, Uscc
from shared.web.problems import Problem

MOST_ROWS = 2000
COLUMNS = ("uscc", "name", "district", "filing", "insurer")


class OutletFacts(BaseModel):
    """`filing`: `licensed` with an own courier licence, or `terminal_only`, and then `insurer` is the credit code of the
    enterprise that insures for it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100)]
    district: District
    filing: Filing
    insurer: Uscc | None = None

    def declared(self, uscc: str) -> Declared:
        return Declared(uscc, self.name, self.district, self.filing, self.insurer)


class ListedOutlet(OutletFacts):
    """One row of the month's list."""

    uscc: Uscc


class OutletDays(OutletFacts):
    """With the first and the last legal day on the scheme, both included; `until` null while there is no end."""

    since: dt.date
    until: dt.date | None = None


class NewOutlet(OutletDays):
    """A courier outlet as it is put on file."""

    uscc: Uscc


class OutletView(BaseModel):
    """An outlet; `first_listed` and `last_listed` are months of the postal authority's lists, null where in none."""

    uscc: str
    name: str
    district: str
    filing: Filing
    insurer: str
    since: dt.date
    until: dt.date | None
    first_listed: str | None
    last_listed: str | None


class ListView(BaseModel):
    """A month's list as it was last pushed: the credit codes on it."""

    month: str
    outlets: list[str]


class NewPerson(BaseModel):
    """Somebody who works at an outlet."""

    worker_id: Annotated[str, Field(min_length=1, max_length=128, description="The registry's id of the worker")]
    started_on: Annotated[
        dt.date, Field(description="First legal day of work; insured from it, or from the outlet's first")
    ]


class PersonEnd(BaseModel):
    """The last day of somebody's work at an outlet."""

    ended_on: Annotated[dt.date, Field(description="Last legal day of work")]


class PersonView(BaseModel):
    """A person who works through an outlet. `own`: for the outlet itself, otherwise by an engagement with a platform."""

    engagement_id: str
    worker_id: str
    platform: str
    started_on: dt.date
    ended_on: dt.date | None
    own: bool


def read_list(content: bytes, media_type: str) -> list[Declared]:
    """The outlets of a month's list, CSV or JSON; raises a 4xx problem that names every row that does not hold."""
    rows = _rows(content, media_type)
    if not 0 < len(rows) <= MOST_ROWS:
        raise Problem(422, "list-size", f"名单应有1至{MOST_ROWS}行", f"a list has 1 to {MOST_ROWS} rows")
    errors: list[dict[str, Any]] = []
    found: dict[str, Declared] = {}
    for index, row in enumerate(rows):
        try:
            outlet = ListedOutlet.model_validate(row)
            insurer_of(outlet.uscc, outlet.filing, outlet.insurer)
            if outlet.uscc in found:
                raise Conflict("listed-twice", "网点重复", "the outlet is listed twice")
            found[outlet.uscc] = outlet.declared(outlet.uscc)
        except ValidationError as error:
            errors += [
                {"row": index, "at": ".".join(map(str, one["loc"])), "detail": one["msg"]} for one in error.errors()
            ]
        except Conflict as broken:
            errors.append({"row": index, "at": "insurer", "detail": f"{broken.zh} {broken.en}"})
    if errors:
        raise Problem(422, "invalid-list", "名单有误，未予接收", "the list was not taken", errors=errors[:100])
    return list(found.values())


def _rows(content: bytes, media_type: str) -> list[Any]:
    unreadable = Problem(400, "unreadable-list", "名单无法读取", "the list cannot be read")
    try:
        text = content.decode("utf-8-sig")
        if media_type == "text/csv":
            table = csv.DictReader(io.StringIO(text))
            if set(table.fieldnames or ()) != set(COLUMNS):
                raise Problem(400, "wrong-columns", "表头不符", f"the columns are {', '.join(COLUMNS)}")
            return [{name: value or None for name, value in row.items()} for row in table]
        rows = msgspec.json.decode(text)["outlets"]
    except (ValueError, KeyError, TypeError, RecursionError, csv.Error):
        raise unreadable from None
    if not isinstance(rows, list):
        raise unreadable
    return rows
