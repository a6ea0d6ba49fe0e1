"""Take an application up, or say what is missing of it; its terms follow the published calendar."""

from __future__ import annotations

import datetime as dt

from services.subsidies.applications import events, rules
from services.subsidies.applications.documents import NOBODY, TEXT, Application, PauseKept, encrypted
from services.subsidies.applications.proposal_commands import propose
from services.subsidies.applications.step_commands import keep_used, law_of, move, store
from services.subsidies.applications.term_commands import (
    CALENDAR,
    LAPSE,
    NOTICE_ENDS,
    SILENT,
    SUPPLEMENT_NEAR,
    end_terms,
    set_term,
    warned_at,
)
from shared import clock
from shared.errors import Conflict
from shared.policy.calendar import end_of_day, shanghai_date
from shared.policy.parameters import Law
from shared.storage import provisional
from shared.storage.provisional import Provisional
from shared.storage.transaction import Transaction


async def accept(application: Application, officer: str, tx: Transaction) -> Application:
    """Find an application complete; the term to decide begins."""
    rules.check_signer(officer, (), application.away)
    return await _take_up(application, _today(), officer, tx)


async def take_up_unseen(application_id: str, tx: Transaction) -> None:
    """Take up an application of which nobody has said in time what is missing, as of the day on which it was received."""
    application = await Application.of(application_id, tx)
    if application is None or application.state != "submitted" or application.received_on is None:
        return
    last = rules.look_by(application.received_on, law_of(application))
    if last >= _today():  # days off were published meanwhile, which move it
        tx.schedule(SILENT, application.id, end_of_day(last))
        return
    await _take_up(application, application.received_on, NOBODY, tx)


async def _take_up(application: Application, on: dt.date, by: str, tx: Transaction) -> Application:
    move(application, "accept", by)
    tx.cancel(SILENT, application.id)
    application.accepted_on = application.accepted_on or on
    law = law_of(application)
    set_term(application, law, tx)
    keep_used(application, law)
    await propose(application, tx)
    events.accepted(application, tx)
    return await store(application, tx)


async def ask(application: Application, what: str, until: dt.date | None, officer: str, tx: Transaction) -> Application:
    """Say, once, what is missing; the term to decide stands still from tomorrow."""
    rules.check_signer(officer, (), application.away)
    if application.asked_once:
        raise Conflict("asked-once", "补正材料应当一次性告知", "what is missing is said once")
    move(application, "ask", officer, what)
    law = law_of(application)
    last = rules.supplement_until(_today(), law, until)
    keep_used(application, law)
    application.asked_once, application.supplement_until = True, last.due
    application.supplement = encrypted(TEXT, application.id, what)
    if application.accepted_on is not None:
        application.pauses = [*application.pauses, PauseKept(first=_today() + dt.timedelta(days=1), last=None)]
        end_terms(application, tx)
    application.review, application.signed = None, []
    tx.cancel(SILENT, application.id)
    _await_supplement(application, _today(), last.due, law, tx)
    if last.start is not None:  # a day that the officer said stays
        provisional.watch(CALENDAR, f"{application.id}:supplement", last, tx)
    events.supplement_asked(application, last.due, tx)
    return await store(application, tx)


def _await_supplement(application: Application, since: dt.date, until: dt.date, law: Law, tx: Transaction) -> None:
    """Set the timers before the last day to hand in what is missing, and at its end."""
    near = warned_at(since, until, law)
    if near > clock.now():
        tx.schedule(SUPPLEMENT_NEAR, application.id, near)
    tx.schedule(LAPSE, application.id, end_of_day(until))


async def remind_of_supplement(application_id: str, tx: Transaction) -> None:
    """Say again what is missing, where it has not come and its last day is near."""
    application = await Application.of(application_id, tx)
    until = None if application is None else application.supplement_until
    if application is not None and application.state == "supplementing" and until is not None and until >= _today():
        events.supplement_asked(application, until, tx, reminder=True)


async def recalculate(key: str, kept: Provisional, tx: Transaction) -> None:
    """Move a term that still runs (its key: `<application>:<decide, supplement or notice>`), where the days off have been published
    that it rests on."""
    application_id, _, what = key.rpartition(":")
    application = await Application.of(application_id, tx)
    if application is None:
        return
    if what == "decide" and application.due_on == kept.due:
        set_term(application, law_of(application), tx)
    elif (last := provisional.moved(kept)) is None:
        return
    elif what == "supplement" and application.state == "supplementing" and application.supplement_until == kept.due:
        application.supplement_until = last.due
        _await_supplement(application, kept.start or _today(), last.due, law_of(application), tx)
        provisional.watch(CALENDAR, key, last, tx)
    elif what == "notice" and application.state == "notice" and application.notice_until == kept.due:
        application.notice_until = last.due
        tx.schedule(NOTICE_ENDS, application.id, end_of_day(last.due))
        provisional.watch(CALENDAR, key, last, tx)
    await store(application, tx)


def _today() -> dt.date:
    return shanghai_date(clock.now())
