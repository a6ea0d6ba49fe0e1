"""Contest a decision, and record what came of it."""

from __future__ import annotations

import datetime as dt

from services.subsidies.appeals import rules
from services.subsidies.appeals.documents import Appeal, encrypted_text
from services.subsidies.appeals.rules import Forum
from services.subsidies.applications import events, review_commands
from services.subsidies.applications.commands import law_of
from services.subsidies.applications.documents import Application
from services.subsidies.applications.rules import DECIDED, check_signer
from services.subsidies.revisions import commands as revisions
from shared import clock
from shared.errors import Conflict
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction


async def contest(application: Application, forum: Forum, text: str, tx: Transaction) -> Appeal:
    """Say that a decision is contested, within its time: before the reviewing authority, or in court."""
    until = application.review_by if forum == "review" else application.sue_by
    rules.check_in_time(until, _today())
    appeal_id = f"{application.id}:{forum}:{application.decided_on}"
    if await Appeal.of(appeal_id, tx) is not None:
        raise Conflict("contested-already", "该决定已申请复议或者起诉", "this decision is contested already")
    law = law_of(application)
    due_on = rules.decide_by(forum, _today(), law)
    events.appealed(application, forum, tx)
    return await Appeal(
        id=appeal_id,
        application_id=application.id,
        forum=forum,
        filed_on=_today(),
        text=encrypted_text(appeal_id, text),
        decided=application.decided_by,
        due_on=due_on,
        used=list(law.used),
    ).put(tx)


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
    tx: Transaction,
    *,
    upheld: bool,
) -> Appeal:
    """Record what the authority or the court decided. A refusal that falls is decided on anew, by others than before, and an
    approval that does is a case of its own; after a review that upholds, the time to sue is counted from it."""
    check_signer(officer, (), application.away)
    if officer in appeal.decided:
        raise Conflict("same-officer", "应由其他经办人员办理", "an officer who did not decide records it")
    appeal.state = rules.STATES.next(appeal.state, "uphold" if upheld else "overturn")
    appeal.answer, appeal.document = encrypted_text(appeal.id, answer), document
    appeal.recorded_by, appeal.ended_on = officer, _today()
    if not upheld and application.state in DECIDED:
        await revisions.open_for_appeal(application, appeal.id, tx)
    elif not upheld:
        await review_commands.reopen(application, officer, document, tx)
    elif appeal.forum == "review":
        law = law_of(application)
        application.sue_by = rules.sue_after_review(_today(), law)
        appeal.used = [*appeal.used, *law.used]
        await application.put(tx)
    events.appeal_decided(application, upheld=upheld, tx=tx)
    return await appeal.put(tx)


def _today() -> dt.date:
    return shanghai_date(clock.now())
