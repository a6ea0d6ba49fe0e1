"""File for a union's member, or let the filing wait for the word of whom it is for."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Final

from services.complaints.cases.documents import Case
from services.complaints.cases.filing_commands import Filing, Source, check_days, open_case
from services.complaints.members.commands import acts_for, current, standing
from services.complaints.union_filings.documents import UnionFiling, encrypted_text
from shared import clock
from shared.callers import Caller
from shared.contracts.complaints import UnionFilingProposed
from shared.errors import Conflict, NotFound
from shared.ids import new_id
from shared.policy import calendar
from shared.policy.calendar import end_of_day, shanghai_date
from shared.policy.parameters import parameters
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

LAPSE = TimerKind("complaints.union_filing_lapse")
"""The timer at which a filing goes that the worker has not confirmed."""

MOST_WAITING: Final = 5
"""Filings of one union that wait for one worker's word at a time."""

SAID: Final = [one.name for one in fields(Filing) if one.name not in ("text", "source")]


async def file(filing: Filing, worker_id: str, union: Caller, tx: Transaction) -> Case | UnionFiling:
    """File for a worker who is the union's member today; for anybody else the filing waits for their own word."""
    worker_id = await current(worker_id, tx)
    if await acts_for(union.subject, worker_id, tx):
        return await open_case(_by(union.subject, filing), worker_id, tx)
    today = shanghai_date(clock.now())
    check_days(filing, today)
    waiting = await tx.find(UnionFiling, {"worker_id": worker_id, "union": union.subject}, limit=MOST_WAITING)
    if len(waiting) == MOST_WAITING:
        raise Conflict("too-many-waiting", "待该劳动者确认的事项过多", "too many filings wait for this worker already")
    law, filing_id = parameters.on(today), new_id()
    confirm_by = calendar.add_days(today, law.days("complaint.confirm_days")).due
    waits = UnionFiling(
        id=filing_id,
        union=union.subject,
        worker_id=worker_id,
        confirm_by=confirm_by,
        text=encrypted_text(filing_id, filing.text),
        used=list(law.used),
        **{name: getattr(filing, name) for name in SAID},
    )
    tx.schedule(LAPSE, waits.id, end_of_day(confirm_by))
    tx.publish(UnionFilingProposed(filing_id=waits.id, worker_id=worker_id, confirm_by=confirm_by))
    return await waits.put(tx)


async def confirm(filing_id: str, worker: Caller, tx: Transaction, *, confidential: bool) -> Case:
    """Open the case that a union would file, by the worker's own word; they may ask for it to be in confidence."""
    waits = await waiting_for(filing_id, worker, tx)
    said = {name: getattr(waits, name) for name in SAID}
    filing = replace(Filing(**said, text=waits.clear_text), confidential=waits.confidential or confidential)
    drop(waits, tx)
    return await open_case(_by(waits.union, filing), waits.worker_id, tx)


async def end(filing_id: str, caller: Caller, tx: Transaction) -> None:
    """Let a filing go: the worker does not want it, or the union takes it back."""
    drop(await waiting_for(filing_id, caller, tx), tx)


async def lapse(filing_id: str, tx: Transaction) -> None:
    """Let a filing go to which the worker has not said a word."""
    if await UnionFiling.of(filing_id, tx) is not None:
        tx.delete(UnionFiling, filing_id)


async def waiting_for(filing_id: str, caller: Caller, tx: Transaction | None = None) -> UnionFiling:
    """A filing that waits, for the worker whom it is for or the union whose it is; any other, or one that is over, is not found."""
    waits = await UnionFiling.of(filing_id, tx)
    own = waits is not None and (
        waits.worker_id == (await standing(caller, [waits.worker_id], tx)).worker_id
        if caller.role == "worker"
        else waits.union == caller.subject
    )
    if waits is None or not own or shanghai_date(clock.now()) > waits.confirm_by:
        raise NotFound("该待确认事项", "the filing that waits")
    return waits


async def merge_worker(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Let what waits for a merged record wait for the one that has taken its place."""
    moved = {"$set": {"worker_id": worker_id}, "$inc": {"revision": 1}}
    await tx.update_many(UnionFiling, {"worker_id": merged_worker_id}, moved)


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """What waits for an erased person's word goes."""
    for waits in await tx.find(UnionFiling, {"worker_id": worker_id}):
        drop(waits, tx)


def drop(waits: UnionFiling, tx: Transaction) -> None:
    tx.cancel(LAPSE, waits.id)
    tx.delete(UnionFiling, waits.id)


def _by(union: str, filing: Filing) -> Filing:
    return replace(filing, source=Source(channel="union", by=union))
