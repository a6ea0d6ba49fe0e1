"""Take employers' declarations: one, or all of a sheet."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from services.insurance.declarations import rules
from services.insurance.declarations.rules import Said
from services.insurance.enrolment import commands as enrolment
from services.insurance.enrolment.documents import Enrolment
from services.insurance.persons.commands import bears
from services.insurance.persons.documents import HOLDER_NUMBER, Holder, Person
from shared import clock
from shared.errors import DomainError, RuleBroken
from shared.policy import calendar
from shared.sheets.cells import Fault, NotReadable, cell_name
from shared.sheets.reading import cells_apart
from shared.storage.encryption import lookup_hashes
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact

AT_ONCE = 25
"""Rows that are declared in one transaction."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a sheet: rows declared now, rows declared before, and every fault by its cell."""

    rows: int
    declared: int
    declared_before: int
    faults: Sequence[Fault]


async def take_sheet(content: bytes, unit: str, by: str) -> Taken:
    """Declare whom a sheet names; a bad row stops no good one. Raises RuleBroken where it cannot be read at all.

    Who is not on file as this employer's, and whose name is another, are one fault: a sheet is no way to ask who somebody is.
    """
    try:
        lines = await cells_apart(content, rules.MOST_ROWS)
        said, faults = rules.read(lines, calendar.shanghai_date(clock.now()))
    except NotReadable as refused:
        raise RuleBroken(refused.kind, refused.zh, refused.en) from None
    declared = before = 0
    for start in range(0, len(said), AT_ONCE):
        now, earlier, wrong = await transact(partial(_declare, said[start : start + AT_ONCE], unit, by))
        declared, before = declared + now, before + earlier
        faults += wrong
    faults.sort(key=lambda fault: (int(fault.cell[1:]), fault.cell))
    bad = {fault.cell[1:] for fault in faults}
    return Taken(declared + before + len(bad), declared, before, faults)


async def _declare(rows: Sequence[Said], unit: str, by: str, tx: Transaction) -> tuple[int, int, list[Fault]]:
    found = await enrolments_of(rows, unit, tx)
    declared = before = 0
    faults: list[Fault] = []
    for row in rows:
        known = found.get(row.line)
        if known is None:
            faults.append(Fault(cell_name(0, row.line), *rules.NOT_EMPLOYED))
            continue
        try:
            await enrolment.declare(known, unit, row.starts_on, by, tx)
            declared += 1
        except DomainError as refused:
            if refused.kind == "declared-already":
                before += 1
            else:
                faults.append(Fault(cell_name(2, row.line), refused.zh, refused.en))
    return declared, before, faults


async def enrolments_of(rows: Sequence[Said], unit: str, tx: Transaction) -> Mapping[int, Enrolment]:
    """The enrolments that rows are about, by their lines, where the unit employs that person since that day."""
    hashes = [one for row in rows for one in lookup_hashes(HOLDER_NUMBER, row.id_number)]
    holders = [one for one in await find(Holder, {"_id": {"$in": hashes}}, tx) if one.worker_id is not None]
    workers = sorted({one.worker_id for one in holders if one.worker_id})
    persons = {one.id: one.opened() for one in await find(Person, {"_id": {"$in": workers}}, tx)}
    theirs: defaultdict[str, list[Enrolment]] = defaultdict(list)
    for one in await find(Enrolment, {"worker_id": {"$in": workers}}, tx):
        theirs[one.worker_id].append(one)
    found: dict[int, Enrolment] = {}
    for row in rows:
        for holder in holders:
            worker = holder.worker_id or ""
            if worker in persons and persons[worker][1] == row.name and bears(row.id_number, frozenset({holder.id})):
                known = next((one for one in theirs[worker] if _employs(one, unit, row.starts_on)), None)
                if known is not None:
                    found[row.line] = known
    return found


def _employs(one: Enrolment, unit: str, starts_on: dt.date) -> bool:
    return any(
        (segment.basis, segment.unit, segment.starts_on) == ("employer", unit, starts_on) for segment in one.segments
    )


def runs_with(one: Enrolment, unit: str) -> bool:
    """Whether a person works for the unit as its employee, with no end known."""
    return any((segment.basis, segment.unit, segment.ends_on) == ("employer", unit, None) for segment in one.segments)
