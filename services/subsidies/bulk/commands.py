"""Take in a sheet of applications, and submit its rows one after another.

Rows are stored under the sheet's id first, and the sheet last: what dies before that is sent again and stored once. Each row is
submitted in one transaction with its answer, so that no crash submits it twice; what a rule says no to is the row's answer.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Literal

from services.subsidies.applications import commands as applications
from services.subsidies.applications.commands import Filing
from services.subsidies.applications.documents import Agent
from services.subsidies.applications.kinds import kind_of
from services.subsidies.bulk import rules
from services.subsidies.bulk.documents import ApplicationSheet, ApplicationSheetRow, Wrong, encrypted_values
from services.subsidies.bulk.rules import Form
from services.subsidies.payments.rules import Payee, check_payee
from shared import clock, faults
from shared.callers import Caller
from shared.errors import DomainError, RuleBroken
from shared.sheets.cells import NotReadable
from shared.sheets.reading import cells_apart
from shared.storage.bulk import insert_new
from shared.storage.client import Row
from shared.storage.kinds import TimerKind
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact

SUBMIT = TimerKind[None]("subsidies.application_sheet")
"""Due when rows of a sheet can be submitted; keyed by its id."""

ROWS_AT_ONCE = 100
SECONDS_AT_ONCE = 20.0
"""After which a portion ends, however few rows it has answered: a busy database makes no failed try of it."""
AT_ONCE = 2000


def form_of(kind: str) -> Form:
    """The form of a kind; raises RuleBroken for one that is not applied for by a sheet."""
    if kind not in rules.FORMS:
        raise RuleBroken("no-sheet-for-kind", "该补贴种类不支持批量申请", "this kind is not applied for by a sheet")
    return rules.FORMS[kind]


async def take_in(kind: str, content: bytes, caller: Caller) -> ApplicationSheet:
    """Take in a sheet; one that came before is only shown again. Raises RuleBroken where it cannot be read at all."""
    form = form_of(kind)
    owner = caller.uscc if caller.role == "platform" else caller.subject
    assert owner is not None
    said = hashlib.sha256(content).hexdigest()
    sheet_id = hashlib.sha256(f"{kind}|{owner}|{said}".encode()).hexdigest()[:32]
    known = await ApplicationSheet.of(sheet_id)
    if known is not None:
        return known
    try:
        rows = await asyncio.to_thread(rules.read, await cells_apart(content, rules.MOST_ROWS), form)
    except NotReadable as refused:
        raise RuleBroken(refused.kind, refused.zh, refused.en) from None
    for start in range(0, len(rows), AT_ONCE):
        stored = await asyncio.to_thread(_rows, sheet_id, rows[start : start + AT_ONCE])
        await insert_new(ApplicationSheetRow, stored)
    faults.reach("application_sheet.kept")

    async def store(tx: Transaction) -> ApplicationSheet:
        earlier = await ApplicationSheet.of(sheet_id, tx)
        if earlier is not None:
            return earlier
        sheet = ApplicationSheet(
            id=sheet_id,
            kind=kind,
            role="platform" if caller.role == "platform" else "union",
            owner=owner,
            subject=caller.subject,
            rows=len(rows),
            refused=sum(isinstance(row, rules.Refused) for row in rows),
        )
        tx.schedule(SUBMIT, sheet_id, clock.now())
        return await sheet.put(tx)

    return await transact(store)


async def submit_some(sheet_id: str) -> bool:
    """Submit the next rows of a sheet; says whether any may wait still."""
    until = time.monotonic() + SECONDS_AT_ONCE
    sheet = await ApplicationSheet.of(sheet_id)
    if sheet is None or sheet.state == "finished":
        return False
    waiting = await find(ApplicationSheetRow, {"sheet": sheet_id, "state": "waiting"}, sort="_id", limit=ROWS_AT_ONCE)
    for row in waiting:
        try:
            await transact(partial(_submit, sheet, row.id))
        except DomainError as refused:
            wrong = Wrong(cell=row.cell, zh=refused.zh, en=refused.en)
            await transact(partial(_refuse, row.id, wrong))
        faults.reach("application_sheet.submitted")
        if time.monotonic() > until:
            return True
    return len(waiting) == ROWS_AT_ONCE


async def go_on(sheet_id: str, tx: Transaction, *, more: bool) -> None:
    """Go on with a sheet, or say that it is finished."""
    if more:
        tx.schedule(SUBMIT, sheet_id, clock.now())
        faults.reach("application_sheet.portion")
    else:
        tx.update(ApplicationSheet, sheet_id, {"$set": {"state": "finished"}, "$inc": {"revision": 1}})


async def _submit(sheet: ApplicationSheet, row_id: str, tx: Transaction) -> None:
    row = await ApplicationSheetRow.of(row_id, tx)
    if row is None or row.state != "waiting":
        return
    row.application_id = await _apply(sheet, row.values, tx)
    await _answered(row, "submitted", tx)


async def _apply(sheet: ApplicationSheet, values: Mapping[str, str], tx: Transaction) -> str:
    """File and submit an application in a person's name, by the mandate that the row names; its id."""
    kind, party = kind_of(sheet.kind), f"{sheet.role}:{sheet.owner}"
    payee = Payee(
        name=values["payee_name"],
        account=values["payee_account"],
        bank=values.get("payee_bank"),
        bank_code=values.get("payee_bank_code"),
    )
    check_payee(payee)
    account = {"holder": payee.name, "number": payee.account, "bank": payee.bank, "bank_code": payee.bank_code}
    stated = kind.stated.model_validate_json(json.dumps(rules.stated(values, rules.FORMS[sheet.kind])))
    filing = Filing(
        kind=kind,
        applicant_kind="person",
        applicant_id=values["worker_id"],
        party=party,
        agent=Agent(party=party, mandate=values["mandate"], until=dt.date.fromisoformat(values["mandate_until"])),
        name=values["name"],
        account=json.dumps(account, ensure_ascii=False),
        stated=stated.model_dump_json(),
        district=rules.DISTRICTS[values["district"]],
    )
    application = await applications.file(filing, tx)
    return (await applications.submit(application, party, tx)).id


async def _refuse(row_id: str, wrong: Wrong, tx: Transaction) -> None:
    row = await ApplicationSheetRow.of(row_id, tx)
    if row is not None and row.state == "waiting":
        row.wrong = [wrong]
        await _answered(row, "refused", tx)


async def _answered(row: ApplicationSheetRow, state: Literal["submitted", "refused"], tx: Transaction) -> None:
    row.state, row.said = state, None
    tx.update(ApplicationSheet, row.sheet, {"$inc": {state: 1, "revision": 1}})
    await row.put(tx)


def _rows(sheet_id: str, asked: Sequence[rules.Asked | rules.Refused]) -> list[Row]:
    return [_row(sheet_id, one) for one in asked]


def _row(sheet_id: str, one: rules.Asked | rules.Refused) -> Row:
    row_id = f"{sheet_id}:{one.line:06d}"
    now = clock.now()
    row: Row = {"_id": row_id, "sheet": sheet_id, "created_at": now, "updated_at": now, "revision": 1}
    if isinstance(one, rules.Refused):
        wrong = [{"cell": fault.cell, "zh": fault.zh, "en": fault.en} for fault in one.faults]
        return row | {"cell": one.faults[0].cell, "state": "refused", "wrong": wrong}
    return row | {"cell": one.cell, "state": "waiting", "said": encrypted_values(row_id, one.values)}
