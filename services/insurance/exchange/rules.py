"""Where two lists of enrolments differ, and who puts it right.

| kind              | what it is                                               | put right by               |
|-------------------|----------------------------------------------------------|----------------------------|
| unknown_there     | the province has not got an enrolment of ours            | sending it again           |
| answer_lost       | the province has answered, and we still wait             | taking the answer          |
| end_missing       | the province has not got the end of an enrolment         | sending the end            |
| end_receipt_lost  | the province has got the end, and we do not know         | taking the receipt         |
| unknown_here      | the province has an enrolment that we never asked for    | an officer                 |
| end_unknown_here  | it was ended there and not here                          | an officer                 |
| other_end         | its last day is another one there                        | an officer                 |
| other_facts       | its person, scheme, unit or first day is another there   | an officer                 |
| answered_otherwise| accepted on one side, refused on the other               | an officer                 |
| unknown_bill      | a payment came for a bill that nobody issued             | an officer                 |
| other_person      | a contribution's number came again for another person    | an officer                 |
| unreadable        | what came is not what was agreed                         | an officer                 |

Those of the tax office (`tax_…`) are found by the room `tax`, and settled by an officer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.insurance.differences.rules import Kind


@dataclass(frozen=True, slots=True)
class Facts:
    """What an enrolment says, whoever keeps it. `person`: the hash of an id number."""

    scheme: str
    person: str
    uscc: str
    district: str
    starts_on: dt.date


@dataclass(frozen=True, slots=True)
class Ours:
    """A request of ours. `facts` is None while we do not know the worker. `ended_there`: we have the end's receipt."""

    facts: Facts | None
    status: Literal["waiting", "accepted", "rejected"]
    ends_on: dt.date | None
    ended_there: bool


@dataclass(frozen=True, slots=True)
class Theirs:
    """A request as the province has it. `end_receipt` is None where no end of ours has come."""

    facts: Facts
    status: Literal["accepted", "rejected"]
    ends_on: dt.date | None
    end_receipt: str | None


def compare(ours: Mapping[str, Ours], theirs: Mapping[str, Theirs]) -> dict[str, Kind]:
    """The difference of each request number that has one; the first in the order of `difference` where it has several."""
    found = {number: difference(ours.get(number), theirs.get(number)) for number in {*ours, *theirs}}
    return {number: kind for number, kind in found.items() if kind is not None}


def difference(ours: Ours | None, theirs: Theirs | None) -> Kind | None:
    """How one request differs. What is asked of nobody yet (its worker is not known) and refusals are nobody's loss."""
    if ours is None:
        return "unknown_here" if theirs is not None and theirs.status == "accepted" and not _void(theirs) else None
    if theirs is None:
        return "unknown_there" if ours.status != "rejected" and ours.facts is not None else None
    if ours.facts is not None and ours.facts != theirs.facts:
        return "other_facts"
    if ours.status == "waiting":
        return "answer_lost"
    if ours.status != theirs.status:
        return "answered_otherwise"
    return _end_difference(ours, theirs) if ours.status == "accepted" else None


def _void(theirs: Theirs) -> bool:
    """Taken back: it ends before it begins."""
    return theirs.ends_on is not None and theirs.ends_on < theirs.facts.starts_on


def _end_difference(ours: Ours, theirs: Theirs) -> Kind | None:
    if ours.ends_on == theirs.ends_on:
        lost = ours.ends_on is not None and not ours.ended_there and theirs.end_receipt is not None
        return "end_receipt_lost" if lost else None
    if ours.ends_on is None:
        return "end_unknown_here"
    return "other_end" if theirs.ends_on is not None and ours.ended_there else "end_missing"
