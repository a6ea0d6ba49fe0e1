"""Making and sending the rows of broadcasts: what was done is stored with what became of it, so that whoever takes over after a
crash or a pause goes on where it was."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from typing import Any

from services.notifier import settings
from services.notifier.broadcasts import rules
from services.notifier.broadcasts.audience import Listed, row_id
from services.notifier.broadcasts.documents import Broadcast, Pace
from services.notifier.deliveries import commands as deliveries
from services.notifier.deliveries.documents import Delivery
from services.notifier.notices.rules import not_before
from services.notifier.recipients.device_commands import preferences_of
from services.notifier.recipients.documents import Contact, Preferences, contact_id
from services.notifier.sheets.documents import SheetRow
from services.notifier.sheets.rules import filled
from shared import clock, faults
from shared.contracts.notifier import BroadcastFields, BroadcastFinished, BroadcastPaused
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Law, parameters
from shared.storage.client import collection_of
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

PREPARE = TimerKind("notifier.broadcast_prepare")
"""The outside work of making a broadcast's next rows."""
PACE = TimerKind("notifier.broadcast_pace")
"""The timer that gives the next messages of all broadcasts their instants; its one key is `PACER`."""
PACER = "pacer"
MERGED = "MERGED"
"""Why a message is withdrawn whose person has it under another record."""
EACH = dt.timedelta(milliseconds=250)
"""How often messages are given their instants: a few at a time, since whatever else is to be stored waits for the transaction that
stores them."""
UNSENT_SECONDS = 4
"""So many seconds' messages may wait for a gateway that is slow or away; no more are added to them."""


def law() -> Law:
    return parameters.on(shanghai_date(clock.now()))


async def store_listed(broadcast_id: str, listed: Listed, tx: Transaction) -> None:
    """Store how far the rows of a broadcast are made; behind the last ones it is sent, or finished where all are on their way."""
    broadcast = await Broadcast.of(broadcast_id, tx)
    if broadcast is None or (broadcast.reached, broadcast.after) != listed.seen:
        return
    if broadcast.state == "approved":
        broadcast.state = rules.STATES.next(broadcast.state, "prepare")
    if broadcast.state != "preparing":
        return
    broadcast.reached, broadcast.after = listed.reached
    if broadcast.reached < len(broadcast.districts):
        tx.schedule(PREPARE, broadcast.id, clock.now())
    else:
        broadcast.listed = await collection_of(Delivery).count_documents(
            {"broadcast": broadcast.id}, session=tx.session
        )
        if await tx.rows(Delivery, _in("listed", broadcast), {"_id": 1}, limit=1) or await _count(
            "queued", broadcast, tx
        ):
            broadcast.state = rules.STATES.next(broadcast.state, "send")
            tx.schedule(PACE, PACER, clock.now())
        else:
            await end(broadcast, "finish", tx)
    await broadcast.put(tx)


async def end(broadcast: Broadcast, event: rules.Event, tx: Transaction) -> None:
    """Let a broadcast end; of one that was never approved nobody is told."""
    broadcast.state, broadcast.finished_at = rules.STATES.next(broadcast.state, event), clock.now()
    if broadcast.approved_at is not None:
        fields = await _fields(broadcast, tx)
        tx.publish(BroadcastFinished(**fields, outcome="finished" if event == "finish" else "stopped"))


async def pause(broadcast: Broadcast, tx: Transaction) -> None:
    """Let a broadcast rest; what has its instant already still goes, some seconds' messages at most."""
    broadcast.state = rules.STATES.next(broadcast.state, "pause")
    tx.cancel(PREPARE, broadcast.id)


async def resume(broadcast: Broadcast, tx: Transaction) -> None:
    """Let a broadcast go on, and see that nobody's row is missing; what failed before does not count against it any more."""
    broadcast.state, broadcast.paused_for = rules.STATES.next(broadcast.state, "resume"), None
    broadcast.given_before, broadcast.counted_since = broadcast.given, clock.now()
    tx.schedule(PREPARE, broadcast.id, clock.now())


async def pace(tx: Transaction) -> None:
    """Give the next messages of all broadcasts their instants: urgent ones first, then those approved first."""
    now, today = clock.now(), law()
    sending = await tx.find(Broadcast, {"state": "sending"})
    sending.sort(key=lambda one: (not one.urgent, one.approved_at or one.created_at))
    quiet = today.table("notifications.quiet_hours")
    hour = not_before(now, quiet) if settings.has_quiet_hours() else now
    per_second = today.number("notifications.broadcast_per_second")
    taken = await Pace.of(PACER, tx) or Pace(id=PACER, until=now)
    free = rules.instants(now, taken.until, per_second)
    given: list[dt.datetime] = []
    looked_at_again: list[dt.datetime] = []
    for broadcast in sending:
        if hour > now and not broadcast.urgent:
            looked_at_again.append(hour)
            continue
        unsent = await _count("queued", broadcast, tx)
        if await _goes_on(broadcast, unsent, today, tx):
            room = per_second * UNSENT_SECONDS - unsent
            given += await _give(broadcast, free[len(given) :][: max(0, room)], tx)
            looked_at_again.append(now + EACH)
    if given:
        taken.until = given[-1] + dt.timedelta(seconds=1) / per_second
        await taken.put(tx)
    if looked_at_again:
        tx.schedule(PACE, PACER, min(looked_at_again))
    faults.reach("broadcast.paced")


async def _goes_on(broadcast: Broadcast, unsent: int, today: Law, tx: Transaction) -> bool:
    """Whether a broadcast has more to send, or `unsent` ones on their way; it pauses where too much fails, and is checked where
    all have gone."""
    since = broadcast.counted_since or broadcast.created_at
    failed = await _count("failed", broadcast, tx, queued_at={"$gte": since})
    if rules.must_pause(broadcast.given - broadcast.given_before, failed, today):
        await pause(broadcast, tx)
        broadcast.paused_for = "failures"
        tx.publish(BroadcastPaused(**await _fields(broadcast, tx)))
    elif unsent or await tx.rows(Delivery, _in("listed", broadcast), {"_id": 1}, limit=1):
        return True
    else:
        broadcast.state = rules.STATES.next(broadcast.state, "check")
        broadcast.reached, broadcast.after = 0, ""
        tx.schedule(PREPARE, broadcast.id, clock.now())
    await broadcast.put(tx)
    return False


async def _give(broadcast: Broadcast, free: Sequence[dt.datetime], tx: Transaction) -> list[dt.datetime]:
    """Give the next messages of a broadcast the free instants; which of these are taken then."""
    if not free:
        return []
    found = await tx.find(Delivery, _in("listed", broadcast), limit=len(free))
    if not found:
        return []
    people = [delivery.recipient or "" for delivery in found]
    await tx.load(Contact, (contact_id("worker", one) for one in people))
    await tx.load(Preferences, people)
    if broadcast.sheet is not None:
        await tx.load(SheetRow, (f"{broadcast.sheet}:{one}" for one in people))
    given = 0
    for delivery in found:
        await asyncio.sleep(0)  # a second's messages at a stretch would hold up whatever else this process does
        if await _queue(broadcast, delivery, free[given], tx):
            given += 1
        elif delivery.reason == deliveries.SWITCHED_OFF:
            broadcast.declined += 1
        elif delivery.reason != MERGED:
            broadcast.unreachable += 1
    broadcast.given += given
    await broadcast.put(tx)
    return list(free[:given])


async def _queue(broadcast: Broadcast, delivery: Delivery, at: dt.datetime, tx: Transaction) -> bool:
    """Have one message go at its instant; False, and it is withdrawn, where it does not go."""
    person = delivery.recipient or ""
    contact = await Contact.of(contact_id("worker", person), tx)
    if contact is not None and await _merged(broadcast, delivery, contact, tx):
        await deliveries.withdraw_for(delivery, MERGED, tx)
        return False
    wishes = await preferences_of(person, tx)
    if wishes.no_publicity and broadcast.kind in rules.CAN_BE_SWITCHED_OFF:
        await deliveries.withdraw_for(delivery, deliveries.SWITCHED_OFF, tx)
        return False
    delivery.app_only = wishes.rest_in_app and broadcast.kind == "rest"
    title, text = broadcast.words
    row = await SheetRow.of(f"{broadcast.sheet}:{person}", tx) if broadcast.sheet is not None else None
    if row is not None and row.values is not None:
        delivery.params = row.clear_values
        text = filled(text, delivery.params)
    return await deliveries.queue_listed(delivery, title, text, at, tx, phone=row.clear_phone if row else None)


async def _merged(broadcast: Broadcast, delivery: Delivery, contact: Contact, tx: Transaction) -> bool:
    """Whether a person whose records were merged meanwhile has the message under another one, or gets it there."""
    for earlier in contact.merged:
        told = await Delivery.of(row_id(broadcast, earlier), tx)
        if told is not None and told.state not in ("listed", "withdrawn"):
            return True
    if contact.merged_into is None:
        return False
    kept = row_id(broadcast, contact.merged_into)
    if await Delivery.of(kept, tx) is None:
        about = delivery.model_dump(include={"template", "kind", "district", "broadcast", "urgent", "told_at"})
        moved = Delivery(id=kept, recipient=contact.merged_into, params={}, state="listed", **about)
        await moved.put(tx)
        if broadcast.sheet is not None:
            await _move_row(broadcast.sheet, delivery.recipient or "", contact.merged_into, tx)
    return True


async def _move_row(sheet: str, person: str, kept: str, tx: Transaction) -> None:
    """Give what a sheet says of a person to the record that they have now."""
    row = await SheetRow.of(f"{sheet}:{person}", tx)
    if row is not None:
        moved = SheetRow(id=f"{sheet}:{kept}", recipient=kept)
        if row.values is not None:
            moved.say(row.clear_values)
        await moved.put(tx)


def _in(state: str, broadcast: Broadcast) -> dict[str, str]:
    return {"broadcast": broadcast.id, "state": state}


async def _count(state: str, broadcast: Broadcast, tx: Transaction, **more: Any) -> int:
    return await collection_of(Delivery).count_documents({**_in(state, broadcast), **more}, session=tx.session)


async def _fields(broadcast: Broadcast, tx: Transaction) -> BroadcastFields:
    return {
        "broadcast_id": broadcast.id,
        "kind": broadcast.kind,
        "lead_department": broadcast.department,
        "district": broadcast.district,
        "given": broadcast.given,
        "failed": await _count("failed", broadcast, tx),
    }
