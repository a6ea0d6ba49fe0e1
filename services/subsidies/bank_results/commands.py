"""Take in what the bank says of a batch, and work it off some lines at a time.

The lines are stored under the result's id first, and the result is stored last: what dies before that is sent again and stored
once. Each step works off one part in one transaction with the counts of the result and of the batch.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from services.subsidies.bank_results import rules
from services.subsidies.bank_results.documents import LINES, REASON, ResultEnd, ResultFile, ResultPart
from services.subsidies.bank_results.rules import Heap, Known, LineState, ResultLine
from services.subsidies.batches import rules as batch_rules
from services.subsidies.batches.commands import payment_rows
from services.subsidies.batches.documents import Batch, BatchLine
from services.subsidies.payments import commands as payments
from shared import clock, faults
from shared.errors import Conflict, RuleBroken
from shared.policy.calendar import shanghai_date
from shared.sheets.cells import NotReadable
from shared.sheets.reading import cells_apart
from shared.storage.bulk import insert_new
from shared.storage.client import Row
from shared.storage.encryption import decrypt_field, encrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.transaction import IDS_AT_ONCE, Transaction, transact
from shared.storage.writes import stored

WORK_OFF = TimerKind[None]("subsidies.bank_result")
"""Due when the next lines of a result can be worked off; keyed by its id."""

LINES_AT_ONCE = 500
PARTS_AT_ONCE = 20
_lines = msgspec.json.Decoder(list[ResultLine])


async def take_in_file(batch: Batch, content: bytes, by: str) -> ResultFile:
    """Take in a result as a sheet; raises RuleBroken where it cannot be read at all, Conflict where the batch has not gone out."""
    try:
        found = rules.read(await cells_apart(content, rules.MOST_ROWS))
    except NotReadable as refused:
        raise RuleBroken(refused.kind, refused.zh, refused.en) from None
    return await take_in(batch, found, hashlib.sha256(content).hexdigest(), by)


async def take_in(batch: Batch, lines: Sequence[ResultLine], sha256: str, by: str) -> ResultFile:
    """Take in a result; one that came before is only shown again."""
    if batch.state not in ("exported", "concluded"):
        raise Conflict("not-exported", "该批次文件尚未导出", "the file of the batch has not gone out")
    result_id = f"{batch.id}:{sha256[:32]}"
    known = await ResultFile.of(result_id)
    if known is not None:
        return known
    starts = range(0, len(lines), LINES_AT_ONCE)
    for first in range(0, len(starts), PARTS_AT_ONCE):
        some = enumerate(starts[first : first + PARTS_AT_ONCE], first)
        await insert_new(
            ResultPart, [_part(result_id, number, lines[start : start + LINES_AT_ONCE]) for number, start in some]
        )
    faults.reach("bank_result.kept")

    async def store(tx: Transaction) -> ResultFile:
        earlier = await ResultFile.of(result_id, tx)
        if earlier is not None:
            return earlier
        result = ResultFile(
            id=result_id,
            batch=batch.id,
            district=batch.district,
            sha256=sha256,
            lines=len(lines),
            parts=len(starts),
            sent_by=by,
            state="working" if lines else "finished",
        )
        if lines:
            tx.schedule(WORK_OFF, result_id, clock.now())
        return await result.put(tx)

    return await transact(store)


async def work_off(result_id: str, tx: Transaction) -> None:
    """Work off the next lines of a result: each ends in one heap, and the money follows."""
    result = await ResultFile.of(result_id, tx)
    if result is None or result.state == "finished":
        return
    batch = await Batch.of(result.batch, tx)
    part = await tx.get(ResultPart, f"{result_id}:{result.done:05d}")
    assert batch is not None
    assert part is not None
    said = _lines.decode(decrypt_field(LINES, part.id, part.lines))
    lines, rows = await _known(batch, said, tx)
    states: dict[str, LineState] = {reference: row["state"] for reference, row in lines.items()}
    ends: list[Row] = []
    paid: list[Row] = []
    came_back: list[tuple[Row, ResultLine]] = []
    doubted: list[str] = []
    for number, one in enumerate(said, result.done * LINES_AT_ONCE):
        line = lines.get(one.reference)
        known = None if line is None else _state_of(line, rows[line["payment_id"]], states[one.reference])
        heap = rules.heap_of(one, known)
        ends.append(_end(result_id, number, one, heap))
        if line is not None and rules.contradicts(one, known):
            doubted.append(line["payment_id"])
        if line is None or known is None or (became := rules.becomes(known, heap)) == known.state:
            continue
        states[one.reference] = became
        payment = rows[line["payment_id"]]
        if heap == "matched":
            paid.append(payment)
        else:
            came_back.append(({**payment, "state": "paid" if known.state == "paid" else "batched"}, one))
        count(batch, known, became)
    # what was paid and came back by lines of the same part was paid first
    await payments.paid(paid, batch.id, shanghai_date(clock.now()), tx)
    for payment, one in came_back:
        await payments.not_paid(payment, batch.id, one.reason, tx)
    await payments.doubt(doubted, batch.id, tx)
    await stand(lines, states, tx)
    tx.insert_rows(ResultEnd, ends)
    tx.delete(ResultPart, part.id)
    for heap, more in Counter(end["heap"] for end in ends).items():
        setattr(result, heap, getattr(result, heap) + more)
    result.done += 1
    if result.done == result.parts:
        result.state = "finished"
    else:
        tx.schedule(WORK_OFF, result_id, clock.now())
    if batch.open == 0 and batch.state == "exported":
        batch.state = batch_rules.STATES.next(batch.state, "conclude")
    await result.put(tx)
    await batch.put(tx)
    faults.reach("bank_result.working")


async def _known(batch: Batch, said: Sequence[ResultLine], tx: Transaction) -> tuple[dict[str, Row], dict[str, Row]]:
    """The lines of the batch that a result names, and the stored rows of their payments."""
    references = [one for one in dict.fromkeys(line.reference for line in said) if one.startswith(f"{batch.id}-")]
    lines: dict[str, Row] = {}
    for start in range(0, len(references), IDS_AT_ONCE):
        some = {"_id": {"$in": references[start : start + IDS_AT_ONCE]}}
        found = await tx.rows(BatchLine, some, {"payment_id": 1, "amount": 1, "state": 1})
        lines |= {row["_id"]: row for row in found}
    return lines, await payment_rows([row["payment_id"] for row in lines.values()], tx)


def _state_of(line: Row, payment: Row, state: LineState) -> Known:
    claimed = payment["claimed"].to_decimal() > 0
    return Known(amount=line["amount"].to_decimal(), state=state, claimed=claimed)


async def stand(lines: Mapping[str, Row], states: Mapping[str, LineState], tx: Transaction) -> None:
    """Keep how the lines stand that stand otherwise now."""
    became: dict[LineState, list[str]] = {}
    for reference, state in states.items():
        if state != lines[reference]["state"]:
            became.setdefault(state, []).append(reference)
    for state, references in became.items():
        for start in range(0, len(references), IDS_AT_ONCE):
            some = {"_id": {"$in": references[start : start + IDS_AT_ONCE]}}
            await tx.update_many(BatchLine, some, {"$set": {"state": state}})


def count(batch: Batch, known: Known, became: LineState) -> None:
    """Count a line of a batch where it stands now."""
    moves: Mapping[str, int] = {known.state: -1, became: 1}
    for state, more in moves.items():
        if state != "open":
            setattr(batch, state, getattr(batch, state) + more)
            total = f"{state}_total"
            setattr(batch, total, getattr(batch, total) + more * known.amount)


def _part(result_id: str, number: int, lines: Sequence[ResultLine]) -> Row:
    part_id = f"{result_id}:{number:05d}"
    return {"_id": part_id, "lines": encrypt_field(LINES, part_id, msgspec.json.encode(list(lines)).decode())}


def _end(result_id: str, number: int, line: ResultLine, heap: Heap) -> Row:
    end_id = f"{result_id}:{number:06d}"
    values: dict[str, Any] = stored({"amount": line.amount}) if isinstance(line.amount, Decimal) else {"amount": None}
    return {
        "_id": end_id,
        "result": result_id,
        "cell": line.cell,
        "reference": line.reference,
        **values,
        "heap": heap,
        "reason": None if line.reason is None else encrypt_field(REASON, end_id, line.reason),
    }
