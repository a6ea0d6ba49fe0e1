"""Differences between our records and the province's, from their finding to their end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from services.insurance.differences.documents import NOTE, REASON, Difference
from services.insurance.differences.rules import (
    CAN_BE_PUT_RIGHT,
    MENDS_ITSELF,
    STATES,
    DifferenceEvent,
    Kind,
)
from shared import clock
from shared.errors import Conflict
from shared.storage.encryption import encrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

MEND = TimerKind("insurance.exchange_mend")

Said = Mapping[str, str | None]


async def find(
    number: str,
    kind: Kind,
    tx: Transaction,
    *,
    enrolment: str | None = None,
    district: str | None = None,
    ours: Said | None = None,
    theirs: Said | None = None,
    run: str | None = None,
    notice: Mapping[str, str] | None = None,
) -> Difference:
    """Record a difference, or that it was found again. One of a kind that mends itself begins as `mending`."""
    known = await Difference.about(number, kind, tx)
    said = {"ours": dict(ours) if ours else None, "theirs": dict(theirs) if theirs else None}
    itself = kind in MENDS_ITSELF
    if known is None:
        known = Difference(
            id=Difference.id_of(number, kind),
            number=number,
            kind=kind,
            state="mending" if itself else "open",
            enrolment=enrolment,
            district=district,
            **said,
        )
    elif itself and known.state != "open":
        known.state = "mending"
    else:
        changed = known.state != "mending" and (known.ours, known.theirs) != (said["ours"], said["theirs"])
        known.state = STATES.next(known.state, "changed" if changed else "found")
    known.ours, known.theirs, known.run = said["ours"], said["theirs"], run
    known.notice = dict(notice) if notice else known.notice
    return await known.put(tx)


async def vanish(number: str, kind: Kind, tx: Transaction) -> None:
    """A difference is gone, where there was one."""
    known = await Difference.about(number, kind, tx)
    if known is not None and known.state != "mended":
        known.state = STATES.next(known.state, "vanished")
        await known.put(tx)


async def mended(difference_id: str, tx: Transaction) -> None:
    """What was sent to mend a difference has been taken."""
    await _move(difference_id, "mended", None, tx)


async def refused(difference_id: str, reason: str | None, tx: Transaction) -> None:
    """The province refuses what would mend a difference: an officer is to see it."""
    await _move(difference_id, "refused", reason, tx)


async def _move(difference_id: str, event: DifferenceEvent, reason: str | None, tx: Transaction) -> None:
    known = await Difference.of(difference_id, tx)
    if known is not None and known.state == "mending":
        known.state = STATES.next(known.state, event)
        known.reason = reason and encrypt_field(REASON, known.id, reason)
        await known.put(tx)


async def resolve(
    known: Difference, action: Literal["noted", "put_right"], note: str, by: str, tx: Transaction
) -> Difference:
    """An officer's word on a difference; raises Conflict where it is not open or cannot be put right."""
    if action == "put_right" and known.kind not in CAN_BE_PUT_RIGHT | MENDS_ITSELF:
        en = f"{known.kind} cannot be put right from here"
        raise Conflict("difference-state", STATES.zh, en)
    known.state = STATES.next(known.state, action)
    known.resolved_by, known.note = by, encrypt_field(NOTE, known.id, note)
    if action == "put_right":
        tx.schedule(MEND, known.id, clock.now())
    return await known.put(tx)
