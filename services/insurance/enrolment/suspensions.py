"""Let a cover rest and hold again, and ask the province anew for what it refused: what officers and platforms do."""

from __future__ import annotations

import datetime as dt

from services.insurance.enrolment import asking, rules
from services.insurance.enrolment.documents import SUSPENDED_FOR, Enrolment, Request, Suspension
from services.insurance.enrolment.fitting import ask_province, facts
from services.insurance.enrolment.segments import in_force
from shared import clock
from shared.contracts.insurance import EnrolmentResumed, EnrolmentSuspended
from shared.identity.masking import mask_text
from shared.policy import calendar
from shared.storage.encryption import encrypt_field
from shared.storage.transaction import Transaction


async def suspend(enrolment: Enrolment, since: dt.date, reason: str, by: str, tx: Transaction) -> None:
    """Let a cover rest from a legal day on, and tell the province its end; raises rules.Forbidden."""
    now = clock.now()
    last = enrolment.segments[-1] if enrolment.segments else None
    enrolment.state = rules.suspend(
        enrolment.state, last.segment if last else None, enrolment.rests, since, calendar.shanghai_date(now)
    )
    assert last is not None
    kept = encrypt_field(SUSPENDED_FOR, enrolment.id, mask_text(reason))
    enrolment.suspensions.append(Suspension(since=since, reason=kept, by=by, at=now))
    await ask_province(enrolment, tx)
    # the reason may name somebody: who may read it finds it at the enrolment
    tx.tell(EnrolmentSuspended(**facts(enrolment, last), since=since, reason=""))
    await enrolment.put(tx)


async def resume(enrolment: Enrolment, since: dt.date, by: str, tx: Transaction) -> None:
    """Let a cover hold again from a legal day on, and have the province enrol anew; raises rules.Forbidden."""
    today = calendar.shanghai_date(clock.now())
    enrolment.state = rules.resume(enrolment.state, enrolment.rests, since, today)
    rest = enrolment.suspensions[-1]
    rest.resumed_on, rest.resumed_by = since, by
    await ask_province(enrolment, tx)
    tx.tell(EnrolmentResumed(**facts(enrolment, enrolment.segments[-1]), since=since))
    await enrolment.put(tx)


async def ask_again(enrolment: Enrolment, tx: Transaction) -> list[Request]:
    """Ask the province anew, under new numbers, for what it refused; raises rules.Forbidden where it refused nothing."""
    wanted = in_force([kept.segment for kept in enrolment.segments], enrolment.rests)
    fresh = await ask_province(enrolment, tx, asking.again(enrolment.sent, wanted))
    await enrolment.put(tx)
    return fresh
