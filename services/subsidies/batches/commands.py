"""Make a batch of what is due, approve it by amount, let its file go out, or cancel it.

Payments are put into a batch some at a time, each step in one transaction with the batch's cursor: a process that dies leaves
the rest to the next, and no payment is in two batches.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from services.subsidies.batches import rules
from services.subsidies.batches.documents import NOTHING, Batch, BatchDay, BatchLine, Given, line_row
from services.subsidies.budgets.rules import KEEPERS, Source
from services.subsidies.decisions import commands as decisions
from services.subsidies.officers.documents import MoneyOfficer
from services.subsidies.payments import commands as payments
from services.subsidies.payments.documents import ACCOUNT, NAME, Payment
from services.subsidies.persons import commands as persons
from shared import clock, faults
from shared.errors import Conflict, Forbidden, RuleBroken
from shared.identity.regions import CITY
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Law, parameters
from shared.storage.client import Row
from shared.storage.encryption import decrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.transaction import IDS_AT_ONCE, Transaction
from shared.storage.writes import stored

COLLECT = TimerKind[None]("subsidies.batch_collect")
SEAL = TimerKind[None]("subsidies.batch_seal")
CANCEL = TimerKind[None]("subsidies.batch_cancel")
"""Steps of a batch that go on by themselves, keyed by its id."""

LINES_AT_ONCE = 500
ENTERPRISES = ("platform", "provider")
"""Roles of payees that a restriction reaches, by their credit code."""
MOST_LINES = 100_000
"""What is due beyond that waits for the next batch: no file becomes larger than a bank takes."""


async def make(
    *, kind: str, source: Source, district: str, day: dt.date, layout: str, purpose: str, by: str, tx: Transaction
) -> Batch:
    """Begin a batch of what is due on a day, for the bank to pay on that day or later."""
    law = _law(district)
    rules.layout(layout, law)
    if day > shanghai_date(clock.now()) + dt.timedelta(law.days("payment_batch.ahead_days")):
        raise RuleBroken("day-too-late", "付款日期过远", "the day is too far ahead")
    sequence = (await tx.change(BatchDay, str(day), {"$inc": {"batches": 1}}))["batches"]
    batch = Batch(
        id=rules.number_of(day, sequence),
        kind=kind,
        source=source,
        department=KEEPERS[source],
        district=district,
        day=day,
        layout=layout,
        purpose=purpose,
        made_by=by,
        used=list(law.used),
    )
    tx.schedule(COLLECT, batch.id, clock.now())
    return await batch.put(tx)


async def collect(batch_id: str, tx: Transaction) -> None:
    """Put the next payments that are due into a batch; when there are none left, it is sealed."""
    batch = await Batch.of(batch_id, tx)
    if batch is None or batch.state != "collecting":
        return
    wanted: Row = {"state": "due", "kind": batch.kind, "source": batch.source, "_id": {"$gt": batch.cursor}}
    wanted["doubted"] = None
    wanted |= stored({"due_on": {"$lte": batch.day}})
    if batch.district != CITY:
        wanted["district"] = batch.district
    found = await tx.rows(Payment, wanted, sort="_id", limit=LINES_AT_ONCE)
    taken = await _payable(found, batch, tx)
    lines = [_line(batch, number, row) for number, row in enumerate(taken, batch.declared + 1)]
    await payments.take(taken, batch.id, batch.made_by, tx)
    tx.insert_rows(BatchLine, lines)
    batch.declared += len(taken)
    batch.total += sum((row["amount"].to_decimal() for row in taken), NOTHING)
    batch.enterprises = sorted({*batch.enterprises, *_enterprises(taken)})
    if len(found) == LINES_AT_ONCE and batch.declared < MOST_LINES:
        batch.cursor = found[-1]["_id"]
        tx.schedule(COLLECT, batch.id, clock.now())
    elif batch.declared:
        batch.state = rules.STATES.next(batch.state, "collect")
        tx.schedule(SEAL, batch.id, clock.now())
    else:
        batch.state = rules.STATES.next(batch.state, "empty")
    await batch.put(tx)
    faults.reach("batch.collecting")


async def seal(batch_id: str, csv_sha256: str, xlsx_sha256: str, tx: Transaction) -> None:
    """Keep what the file of a batch is known by; it waits for approval then."""
    batch = await Batch.of(batch_id, tx)
    if batch is None or batch.state != "sealing":
        return
    law = _law(batch.district)
    batch.state = rules.STATES.next(batch.state, "seal")
    batch.csv_sha256, batch.xlsx_sha256 = csv_sha256, xlsx_sha256
    batch.needed = list(rules.approvals_of(batch.total, law))
    batch.used = list(dict.fromkeys([*batch.used, *law.used]))
    await batch.put(tx)


async def approve(batch: Batch, officer: MoneyOfficer, tx: Transaction) -> Batch:
    """Give the next approval that a batch needs, as an officer who has no hand in it; a head's where it is the head's turn."""
    rules.STATES.next(batch.state, "approve")
    await _check_payees(batch, tx)
    given = {one.by: one.as_ for one in batch.approvals}
    turn = rules.next_approval(batch.needed, given, batch.made_by, officer.id)
    if turn not in officer.duties and not (turn == "finance" and "head" in officer.duties):
        raise Forbidden("该批次须由负责人审批", "this is for the head")
    batch.approvals = [*batch.approvals, Given(by=officer.id, as_=turn, at=clock.now())]
    if len(batch.approvals) == len(batch.needed):
        batch.state = rules.STATES.next(batch.state, "approve")
    return await batch.put(tx)


def check_export(batch: Batch) -> None:
    """Raise Conflict where the file of a batch may not go out (yet)."""
    rules.STATES.next(batch.state, "export")


async def export(batch: Batch, tx: Transaction) -> Batch:
    """Let the file of a batch go out: from then on the bank's results alone end its lines."""
    if batch.state == "approved":
        await _check_payees(batch, tx)
    batch.state = rules.STATES.next(batch.state, "export")
    batch.exports += 1
    return await batch.put(tx)


async def cancel(batch: Batch, tx: Transaction) -> Batch:
    """Cancel a batch whose file has not gone out: its payments are due again."""
    batch.state, batch.cursor = rules.STATES.next(batch.state, "cancel"), "0"
    tx.schedule(CANCEL, batch.id, clock.now())
    return await batch.put(tx)


async def drop_lines(batch_id: str, tx: Transaction) -> None:
    """Take the next payments out of a batch that is cancelled."""
    batch = await Batch.of(batch_id, tx)
    if batch is None or batch.state != "cancelling":
        return
    after = int(batch.cursor)
    wanted = {"batch": batch.id, "position": {"$gt": after, "$lte": after + LINES_AT_ONCE}}
    lines = await tx.rows(BatchLine, wanted, {"payment_id": 1})
    rows = await payment_rows([line["payment_id"] for line in lines], tx)
    await payments.drop(list(rows.values()), batch.made_by, tx)
    await tx.update_many(BatchLine, wanted, {"$set": {"state": "dropped"}})
    batch.cursor = str(after + LINES_AT_ONCE)
    if after + LINES_AT_ONCE < batch.declared:
        tx.schedule(CANCEL, batch.id, clock.now())
    else:
        batch.state = rules.STATES.next(batch.state, "empty")
    await batch.put(tx)
    faults.reach("batch.cancelling")


async def payment_rows(ids: Sequence[str], tx: Transaction) -> dict[str, Row]:
    """The stored rows of payments, by their ids."""
    found: dict[str, Row] = {}
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = list(ids[start : start + IDS_AT_ONCE])
        found |= {row["_id"]: row for row in await tx.rows(Payment, {"_id": {"$in": some}})}
    return found


def check_file(batch: Batch, sha256: str, kind: str) -> None:
    """Raise Conflict where a file would not be the one that was approved."""
    if sha256 != (batch.csv_sha256 if kind == "csv" else batch.xlsx_sha256):
        raise Conflict("file-differs", "文件与已审批内容不一致", "the file is not the one that was approved")


def columns_of(batch: Batch) -> list[rules.Column]:
    """The columns of a batch's file, by the parameters of the day that it was made on."""
    return rules.layout(batch.layout, parameters.on(shanghai_date(batch.created_at), place=batch.district))


async def _payable(found: Sequence[Row], batch: Batch, tx: Transaction) -> list[Row]:
    """Those of due payments that may go out. What an enterprise is owed that gets no public funds any more stays due, and officers
    look at it (德人社发〔2022〕95号 art. 11)."""
    closed = await persons.closed_to_funds(_enterprises(found), _paid_on(batch), tx)
    for uscc in sorted(closed):
        await decisions.facts_changed(uscc, tx)
    return [row for row in found if row["role"] not in ENTERPRISES or row["applicant"] not in closed]


async def _check_payees(batch: Batch, tx: Transaction) -> None:
    """Raise Conflict where, since a batch was made, an enterprise that it pays was stopped from public funds, or the bank has said
    that something in it was paid before."""
    if await tx.rows(Payment, {"doubted": {"$gt": ""}, "batch": batch.id}, {"_id": 1}, limit=1):
        raise Conflict(
            "bank-contradicts",
            "批次内有款项的银行回盘结果前后矛盾，请取消该批次，核实后重新生成",
            "the bank has said both of something in it: cancel the batch and find out first",
        )
    if await persons.closed_to_funds(batch.enterprises, _paid_on(batch), tx):
        raise Conflict(
            "payee-restricted",
            "批次内有单位已被限制享受政府资金，请取消该批次后重新生成",
            "a payee gets no public funds any more: cancel the batch and make it anew",
        )


def _enterprises(rows: Sequence[Row]) -> set[str]:
    return {row["applicant"] for row in rows if row["role"] in ENTERPRISES}


def _paid_on(batch: Batch) -> dt.date:
    """The first day on which the bank may pay a batch."""
    return max(batch.day, shanghai_date(clock.now()))


def _line(batch: Batch, position: int, row: Row) -> Row:
    name = decrypt_field(NAME, row["_id"], row["name"])
    account = decrypt_field(ACCOUNT, row["_id"], row["account"])
    return line_row(batch, position, rules.reference_of(batch.id, position), row, name, account)


def _law(district: str) -> Law:
    return parameters.on(shanghai_date(clock.now()), place=district)
