"""Bring together what other departments say of enterprises, one by one or by a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final, TypedDict

from services.registry.department_records import rules
from services.registry.department_records.documents import DepartmentRecord, encrypted_text, encrypted_withdrawal
from services.registry.department_records.rules import Row, Said
from services.registry.enterprises.documents import Enterprise
from shared import clock
from shared.callers import Caller
from shared.contracts.registry import DepartmentRecordKind, DepartmentRecordRecorded, DepartmentRecordWithdrawn
from shared.errors import NotFound, RuleBroken
from shared.policy.calendar import shanghai_date
from shared.sheets.cells import Fault, NotReadable, cell_name
from shared.sheets.reading import cells_apart
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact

ROWS_AT_ONCE: Final = 100


class _Fields(TypedDict):
    record_id: str
    uscc: str
    kind: DepartmentRecordKind
    number: str
    authority: str
    department: str


async def record(said: Said, officer: Caller, tx: Transaction) -> DepartmentRecord:
    """Put a department's record on file, or what it says from now on; the same said again changes nothing.

    Raises NotFound where the enterprise is not on file, and RuleBroken for a day to come.
    """
    rules.check(said, shanghai_date(clock.now()))
    if await Enterprise.of(said.uscc, tx) is None:
        raise NotFound("该企业", "this enterprise")
    department = str(officer.department)
    record_id = rules.key(department, said)
    kept = await DepartmentRecord.of(record_id, tx)
    if kept is not None and kept.state == "recorded" and _said(kept) == said:
        return kept
    values = {
        "uscc": said.uscc,
        "kind": said.kind,
        "number": said.number,
        "authority": said.authority,
        "decided_on": said.decided_on,
        "text": encrypted_text(record_id, said.text),
        "department": department,
        "recorded_by": officer.subject,
        "withdrawal": None,
    }
    if kept is not None and kept.uscc != said.uscc and kept.state == "recorded":
        # it was about another enterprise by mistake: that one's dossier says so
        tx.publish(DepartmentRecordWithdrawn(**_fields(kept)))
    kept = kept.changed(values) if kept else DepartmentRecord(id=record_id, **values)
    kept.state = rules.STATES.next(kept.state, "record")
    tx.publish(DepartmentRecordRecorded(**_fields(kept), decided_on=kept.decided_on))
    return await kept.put(tx)


async def withdraw(record_id: str, reason: str, officer: Caller, seen: int, tx: Transaction) -> DepartmentRecord:
    """Take a record back, with the reason, as the department that said it; another's is not found."""
    kept = await DepartmentRecord.of(record_id, tx)
    if kept is None or not officer.is_officer_of(kept.department):
        raise NotFound("该部门信息", "this department record")
    require_revision(seen, kept.revision)
    kept.state = rules.STATES.next(kept.state, "withdraw")
    kept.withdrawal = encrypted_withdrawal(kept.id, reason)
    tx.publish(DepartmentRecordWithdrawn(**_fields(kept)))
    return await kept.put(tx)


async def rows_of(content: bytes) -> list[Row]:
    """The rows of a sheet; raises RuleBroken where it cannot be read at all."""
    try:
        return rules.read(await cells_apart(content, rules.MOST_ROWS), shanghai_date(clock.now()))
    except NotReadable as refused:
        raise RuleBroken(refused.kind, refused.zh, refused.en) from None


async def take_in(rows: Sequence[Row], officer: Caller) -> list[Fault]:
    """Put the good rows of a sheet on file, some at a time; what is wrong with the others.

    Where a process ends between two parts the sheet is sent again: rows that are on file are not changed by it.
    """
    faults = [fault for row in rows for fault in row.faults]
    good = [row for row in rows if row.said is not None]

    async def put(some: Sequence[Row], tx: Transaction) -> list[Fault]:
        wrong: list[Fault] = []
        for row in some:
            assert row.said is not None
            try:
                await record(row.said, officer, tx)
            except NotFound:
                wrong.append(Fault(cell_name(0, row.line), "该企业未登记", "the enterprise is not on file"))
        return wrong

    for start in range(0, len(good), ROWS_AT_ONCE):
        some = good[start : start + ROWS_AT_ONCE]
        faults += await transact(partial(put, some))
    return faults


def _said(kept: DepartmentRecord) -> Said:
    return Said(
        uscc=kept.uscc,
        kind=kept.kind,
        number=kept.number,
        authority=kept.authority,
        decided_on=kept.decided_on,
        text=kept.clear_text,
    )


def _fields(kept: DepartmentRecord) -> _Fields:
    return {
        "record_id": kept.id,
        "uscc": kept.uscc,
        "kind": kept.kind,
        "number": kept.number,
        "authority": kept.authority,
        "department": kept.department,
    }
