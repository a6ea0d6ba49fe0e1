"""Ask for a transfer, take what the province answers, and say when its term has passed."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from services.insurance.persons.commands import present_id
from services.insurance.persons.documents import Person
from services.insurance.province.client import Answer, TransferResult
from services.insurance.transfers import rules
from services.insurance.transfers.documents import REASON, Moving, Transfer
from shared import clock
from shared.contracts.insurance import (
    Insurance,
    TransferCompleted,
    TransferFields,
    TransferOverdue,
    TransferRefused,
    TransferRequested,
    TransferWithdrawn,
)
from shared.errors import Conflict
from shared.identity.masking import code_in
from shared.identity.regions import CITY
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage import provisional
from shared.storage.blanking import blank
from shared.storage.encryption import encrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Provisional, by_day, provisional_kind, rests_on
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction

HAND_OVER = TimerKind("insurance.transfer")
RESULT = TimerKind("insurance.transfer_result")
POLL = TimerKind("insurance.transfer_poll")
OVERDUE = TimerKind("insurance.transfer_overdue")
CALENDAR = provisional_kind("insurance.transfer_calendar")
STORED = by_day(CALENDAR, Transfer, "due_on", rests_on)
ASK_AGAIN = dt.timedelta(hours=1)
"""How long after an answer that says no more than `pending` the province is asked again."""
ANSWER_TIME = dt.timedelta(hours=1)
"""How long a transfer whose term has passed when it is asked for may still be done: our own, not the law's."""
TWO_OF_ONE = "合并人员后同一险种有两个转移申请，请人工处理 (two of one person: to be settled by an officer)"
NO_TERM = "未查到办理期限，请人工跟踪 (no term is known: to be watched by an officer)"


async def request(
    *,
    worker_id: str,
    district: str,
    direction: Literal["in", "out"],
    insurance: Insurance,
    other_place: str,
    by: str,
    tx: Transaction,
) -> Transfer:
    """Open a transfer and have it sent; raises RuleBroken and Conflict."""
    today = calendar.shanghai_date(clock.now())
    law = parameters.on(today, place=CITY)
    rules.check(insurance, other_place, CITY, law)
    due_on = rules.due_on(insurance, today, law)
    transfer = Transfer(
        worker_id=worker_id,
        district=district,
        direction=direction,
        insurance=insurance,
        other_place=other_place,
        asked_by=by,
        asked_on=today,
        due_on=due_on,
        watch=None if due_on else NO_TERM,
        used=list(law.used),
    )
    try:
        await Moving.take(_what_moves(worker_id, insurance), transfer.id, tx)
    except AlreadyTaken:
        raise Conflict("transfer-under-way", "该险种已有办理中的转移申请", "it is moving already") from None
    await transfer.put(tx)
    tx.publish(TransferRequested(**_fields(transfer), due_on=due_on))
    tx.schedule(HAND_OVER, transfer.id, clock.now())
    if due_on is not None:
        _watch(transfer, due_on, tx)
    return transfer


def _watch(transfer: Transfer, due_on: dt.date, tx: Transaction) -> None:
    tx.schedule(OVERDUE, transfer.id, max(calendar.end_of_day(due_on), clock.now() + ANSWER_TIME))
    provisional.watch(CALENDAR, transfer.id, due_on, tx)


async def recalculate(transfer_id: str, kept: Provisional, tx: Transaction) -> None:
    """Move the last day of a transfer under way, where the days off have been published that it rests on."""
    transfer = await Transfer.of(transfer_id, tx)
    if transfer is None or not transfer.under_way or transfer.due_on != kept.due:
        return
    due_on = rules.due_on(transfer.insurance, transfer.asked_on, parameters.on(transfer.asked_on, place=CITY))
    if due_on is not None and due_on != kept.due:
        transfer.due_on = due_on
        _watch(transfer, due_on, tx)
        await transfer.put(tx)


async def withdraw(transfer: Transfer, tx: Transaction) -> Transfer:
    """Take a transfer back that was not sent yet; raises Conflict. Where it is on its way at this very moment, the answer tells."""
    await _step(transfer, "withdrawn", tx)
    tx.publish(TransferWithdrawn(**_fields(transfer)))
    return await transfer.put(tx)


async def forget(worker_id: str, tx: Transaction) -> None:
    """Take back what was not sent yet for an erased person: nobody can be named to the province any more. Texts of the rest go."""
    for transfer in await tx.find(Transfer, {"worker_id": worker_id}):
        blank(transfer)
        if rules.STATES.allows(transfer.state, "withdrawn"):
            await withdraw(transfer, tx)
        else:
            await transfer.put(tx)


async def record_answer(transfer_id: str, answer: Answer, tx: Transaction) -> None:
    """Store that the province has taken a request, or has not."""
    transfer = await Transfer.of(transfer_id, tx)
    if transfer is None or transfer.receipt_number is not None:
        return
    late = transfer.state == "withdrawn" and answer.status == "accepted"
    if not transfer.under_way and not late:
        return
    transfer.receipt_number = answer.receipt_number
    if late:
        await _go_on(transfer, tx)
    if answer.status == "accepted":
        await _step(transfer, "sent", tx)
        tx.schedule(RESULT, transfer.id, clock.now())
    else:
        await _refuse(transfer, answer.reason, tx)
    await transfer.put(tx)


async def _go_on(transfer: Transfer, tx: Transaction) -> None:
    """Let a transfer go on that was taken back while it was on its way: the province does it all the same."""
    try:
        await Moving.take(_what_moves(transfer.worker_id, transfer.insurance), transfer.id, tx)
    except AlreadyTaken:
        transfer.watch = TWO_OF_ONE
    tx.publish(TransferRequested(**_fields(transfer), due_on=transfer.due_on))
    if transfer.due_on is not None:
        _watch(transfer, transfer.due_on, tx)


async def record_result(transfer_id: str, result: TransferResult, tx: Transaction) -> None:
    """Store how a transfer came out; where it has not yet, ask again later."""
    transfer = await Transfer.of(transfer_id, tx)
    if transfer is None or not transfer.under_way:
        return
    if result.status == "pending":
        tx.schedule(POLL, transfer.id, clock.now() + ASK_AGAIN)
        return
    if result.status == "completed":
        await _step(transfer, "completed", tx)
        transfer.months, transfer.completed_on = result.months or 0, calendar.shanghai_date(clock.now())
        await _count_for_person(transfer, tx)
        tx.publish(TransferCompleted(**_fields(transfer), months=transfer.months))
    else:
        await _refuse(transfer, result.reason, tx)
    await transfer.put(tx)


async def lapse(transfer_id: str, tx: Transaction) -> None:
    """Say that a transfer was not done in time, where it is still under way."""
    transfer = await Transfer.of(transfer_id, tx)
    if transfer is None or transfer.due_on is None or not rules.STATES.allows(transfer.state, "lapsed"):
        return
    await _step(transfer, "lapsed", tx)
    tx.publish(TransferOverdue(**_fields(transfer), due_on=transfer.due_on))
    await transfer.put(tx)


async def follow_merging(old: str, new: str, tx: Transaction) -> None:
    """Make one worker's transfers another's. Of two of one insurance under way, the province settles which it does."""
    for transfer in await tx.find(Transfer, {"worker_id": old}):
        try:
            if transfer.under_way:
                await Moving.take(_what_moves(new, transfer.insurance), transfer.id, tx)
                await Moving.give_up(_what_moves(old, transfer.insurance), transfer.id, tx)
            transfer.worker_id = new
        except AlreadyTaken:
            transfer.watch = TWO_OF_ONE
        await transfer.put(tx)


async def _count_for_person(transfer: Transfer, tx: Transaction) -> None:
    """Let what a record brought that another has taken the place of count for the person, unless the other transfer of the same has
    brought it: then an officer looks whether it is the same."""
    present = await present_id(transfer.worker_id, tx)
    same = {
        "worker_id": present,
        "insurance": transfer.insurance,
        "direction": transfer.direction,
        "state": "completed",
    }
    if present != transfer.worker_id and not await tx.rows(Transfer, same, {"_id": 1}, limit=1):
        transfer.worker_id, transfer.watch = present, None


def _what_moves(worker_id: str, insurance: Insurance) -> str:
    return f"{worker_id}|{insurance}"


async def _step(transfer: Transfer, event: rules.Event, tx: Transaction) -> None:
    transfer.state = rules.STATES.next(transfer.state, event)
    if not transfer.under_way:
        tx.cancel(OVERDUE, transfer.id)
        await Moving.give_up(_what_moves(transfer.worker_id, transfer.insurance), transfer.id, tx)


async def _refuse(transfer: Transfer, reason: str | None, tx: Transaction) -> None:
    await _step(transfer, "refused", tx)
    if await Person.of(transfer.worker_id, tx) is not None:  # of an erased person no text is kept
        transfer.reason = encrypt_field(REASON, transfer.id, reason or "省平台未说明原因")
    tx.publish(TransferRefused(**_fields(transfer), reason=code_in(reason or "")))


def _fields(transfer: Transfer) -> TransferFields:
    return {
        "transfer_id": transfer.id,
        "worker_id": transfer.worker_id,
        "direction": transfer.direction,
        "insurance": transfer.insurance,
        "other_place": transfer.other_place,
    }
