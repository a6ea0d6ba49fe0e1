"""Contest a decision, and record what came of it."""

from __future__ import annotations

import datetime as dt

from services.subsidies.appeals import rules
from services.subsidies.appeals.documents import Appeal, encrypted_text
from services.subsidies.appeals.rules import Forum
from services.subsidies.applications import events, review_commands
from services.subsidies.applications.documents import Application
from services.subsidies.applications.rules import DECIDED, check_signer
from services.subsidies.applications.serving_commands import check_administrative, remedies_of
from services.subsidies.applications.step_commands import law_of
from services.subsidies.revisions import commands as revisions
from shared import clock
from shared.errors import Conflict
from shared.policy import contesting
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Stored, from_day
from shared.storage.transaction import Transaction

CALENDAR = TimerKind("subsidies.appeal_calendar")
STORED = Stored(CALENDAR, Appeal, from_day("due_on"))


async def contest(
    application: Application, forum: Forum, text: str, filed_on: dt.date | None, tx: Transaction
) -> Appeal:
    """Say that a decision is contested, within its time, which runs from its service on the applicant: before the reviewing authority,
    or in court. `filed_on`: since when it is, where that was not today."""
    check_administrative(application)
    if application.decided_on is None:
        raise Conflict("not-decided", "该申请尚未作出决定", "nothing is decided yet")
    filed_on, law = filed_on or _today(), law_of(application)
    rules.check_filed(filed_on, application.decided_on, _today())
    appeal_id = _id_of(application, forum)
    if await Appeal.of(appeal_id, tx) is not None:
        raise Conflict("contested-already", "该决定已申请复议或者起诉", "this decision is contested already")
    other = await Appeal.of(_id_of(application, "court" if forum == "review" else "review"), tx)
    if other is not None:
        rules.check_elsewhere(forum, other.state, other.due_on, filed_on)
    remedies = remedies_of(application)
    until = remedies.review_by if forum == "review" else remedies.sue_by
    if other is not None and other.state == "filed" and other.due_on is not None:
        until = contesting.sue_after_review(contesting.review_decided_at_latest(other.filed_on, law), law)
    rules.check_in_time(until, contesting.latest(forum, application.letter_on or application.decided_on, law), filed_on)
    due_on = rules.decide_by(forum, filed_on, law)
    events.appealed(application, forum, tx)
    return await Appeal(
        id=appeal_id,
        application_id=application.id,
        forum=forum,
        filed_on=filed_on,
        text=encrypted_text(appeal_id, text),
        decided=application.decided_by,
        due_on=due_on,
        used=list(law.used),
    ).put(tx)


async def recalculate(appeal_id: str, tx: Transaction) -> None:
    """Move the day by which a review is decided, where the days off have been published that it rests on."""
    appeal = await Appeal.of(appeal_id, tx)
    application = None if appeal is None else await Application.of(appeal.application_id, tx)
    if appeal is None or application is None:
        return
    law = parameters.on(appeal.filed_on, place=application.district)
    due_on = rules.decide_by(appeal.forum, appeal.filed_on, law)
    if due_on != appeal.due_on:
        appeal.due_on = due_on
        await appeal.put(tx)


async def withdraw(appeal: Appeal, tx: Transaction) -> Appeal:
    """Contest a decision no longer."""
    appeal.state = rules.STATES.next(appeal.state, "withdraw")
    appeal.ended_on = _today()
    return await appeal.put(tx)


async def record(
    appeal: Appeal,
    application: Application,
    officer: str,
    answer: str,
    document: str,
    received_on: dt.date | None,
    tx: Transaction,
    *,
    upheld: bool,
) -> Appeal:
    """Record what the authority or the court decided. A refusal that falls is decided on anew, by others than before, and an
    approval that does, or its recovery, is a case of its own; after a review that upholds, the time to sue is counted from the day
    on which the applicant received that (`received_on`)."""
    check_signer(officer, (), application.away)
    if officer in appeal.decided:
        raise Conflict("same-officer", "应由其他经办人员办理", "an officer who did not decide records it")
    appeal.state = rules.STATES.next(appeal.state, "uphold" if upheld else "overturn")
    appeal.answer, appeal.document = encrypted_text(appeal.id, answer), document
    appeal.recorded_by, appeal.ended_on = officer, _today()
    if not upheld and (application.state in DECIDED or application.state == "recovered"):
        await revisions.open_for_appeal(application, appeal.id, tx)
    elif not upheld:
        await review_commands.reopen(application, officer, document, tx)
    elif appeal.forum == "review":
        law = law_of(application)
        received_on = rules.check_received(received_on, appeal.filed_on, _today())
        application.review_received_on = received_on
        appeal.used = [*appeal.used, *law.used]
        await application.put(tx)
    events.appeal_decided(application, upheld=upheld, tx=tx)
    return await appeal.put(tx)


def _id_of(application: Application, forum: Forum) -> str:
    return f"{application.id}:{forum}:{application.decided_on}:{application.decisions}{application.claimed}"


def _today() -> dt.date:
    return shanghai_date(clock.now())
