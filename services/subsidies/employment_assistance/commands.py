"""Offer help to work to a recognised person, and take what they say to it."""

from __future__ import annotations

import datetime as dt

from services.subsidies.employment_assistance import rules
from services.subsidies.employment_assistance.documents import Offer, encrypted_text
from services.subsidies.employment_assistance.rules import Kind, Move
from services.subsidies.recognition import events
from services.subsidies.recognition.commands import ASSIST_BY
from services.subsidies.recognition.documents import Recognition
from shared import clock
from shared.errors import Conflict
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction


async def offer(recognition: Recognition, kind: Kind, text: str, by: str, tx: Transaction) -> Offer:
    """Offer help to work; raises Conflict where the recognition has ended."""
    if recognition.state != "recognised":
        raise Conflict("recognition-ended", "该就业困难人员认定已终止", "the recognition has ended")
    recognition.offers += 1
    tx.cancel(ASSIST_BY, recognition.id)
    offer_id = f"{recognition.id}:{recognition.offers:03}"
    tx.publish(events.assistance_offered(recognition))
    await recognition.put(tx)
    return await Offer(
        id=offer_id,
        recognition_id=recognition.id,
        worker_id=recognition.worker_id,
        kind=kind,
        text=encrypted_text(offer_id, text),
        offered_on=_today(),
        offered_by=by,
    ).put(tx)


async def answer(one: Offer, move: Move, tx: Transaction) -> Offer:
    """Take an offer, or leave it."""
    one.state = rules.STATES.next(one.state, move)
    one.answered_on = _today()
    return await one.put(tx)


async def merge(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give what a person was offered to the record that has taken the other's place."""
    moved = {"$set": {"worker_id": worker_id}, "$inc": {"revision": 1}}
    await tx.update_many(Offer, {"worker_id": merged_worker_id}, moved)


async def erase(worker_id: str, tx: Transaction) -> None:
    """Remove what a person was offered: no duty keeps it."""
    await tx.delete_many(Offer, {"worker_id": worker_id})


def _today() -> dt.date:
    return shanghai_date(clock.now())
