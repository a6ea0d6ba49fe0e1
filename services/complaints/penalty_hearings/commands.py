"""Hear the enterprise: what it states, that it will not, and the hearing that it asks for."""

from __future__ import annotations

import datetime as dt
from typing import Final

from services.complaints.officers.documents import Officer
from services.complaints.penalties import events, rules, steps
from services.complaints.penalties.confidence import check_silent
from services.complaints.penalties.documents import ClosedFor, Hearing, Penalty, Said, Statement, encrypted_text
from shared.errors import Conflict
from shared.storage.transaction import Transaction

MOST_STATEMENTS: Final = 20
"""Statements that an enterprise makes in one procedure."""


async def state(penalty: Penalty, text: str, tx: Transaction, *, on: dt.date | None = None) -> Penalty:
    """Take what the enterprise states and defends itself with; before the decision it makes no penalty harsher. `on`: the day
    of what a person said on paper; without it today."""
    if penalty.state == "notified":
        rules.check_in_time(steps.notice(penalty).speak_until, on or steps.today())
    steps.move(penalty, "state")
    if sum(one.what == "statement" for one in penalty.statements) >= MOST_STATEMENTS:
        raise Conflict("statements-full", "陈述申辩次数已达上限", "there are too many statements")
    say(penalty, "statement", text, on)
    steps.tell(penalty, events.answered(penalty, "statement"), tx)
    return await penalty.put(tx)


async def waive(penalty: Penalty, tx: Transaction) -> Penalty:
    """Record that the enterprise will not state or defend any more, nor be heard (行政处罚法 art. 62): it also takes a
    hearing back that it asked for."""
    steps.move(penalty, "waive")
    penalty.waived_on = steps.today()
    _take_off(penalty)
    return await penalty.put(tx)


async def ask_hearing(penalty: Penalty, text: str, tx: Transaction, *, on: dt.date | None = None) -> Penalty:
    """Take the enterprise's wish for a hearing, where one is due and in time (行政处罚法 art. 63, 64)."""
    notice = steps.notice(penalty)
    if not notice.hearing_due:
        raise Conflict("no-hearing-due", "拟作出的处罚不属于应当听证的范围", "no hearing is due on such a penalty")
    rules.check_in_time(notice.speak_until, on or steps.today())
    steps.move(penalty, "ask_hearing")
    penalty.hearing, penalty.waived_on = Hearing(asked_on=on or steps.today()), None
    say(penalty, "hearing", text, on)
    steps.tell(penalty, events.answered(penalty, "hearing"), tx)
    return await penalty.put(tx)


async def set_hearing(
    penalty: Penalty, on: dt.date, place: str, closed: ClosedFor | None, chair: Officer, tx: Transaction
) -> Penalty:
    """Set a hearing, held by who did not investigate, and tell the enterprise in time. It is open to everybody unless a secret or
    somebody's privacy closes it (`closed`)."""
    law = steps.law_of(penalty)
    rules.check_officer(chair.id, steps.investigators(penalty))
    rules.check_hearing_day(on, steps.today(), law)
    await check_silent(penalty, [place], tx)
    steps.move(penalty, "set_hearing")
    assert penalty.hearing is not None
    told = {"on": on, "place": encrypted_text(penalty.id, place), "closed": closed, "chair": chair.id}
    penalty.hearing = penalty.hearing.model_copy(update=told)
    steps.tell(penalty, events.hearing_set(penalty, on), tx)
    return await steps.put(penalty, law, tx)


async def hear(
    penalty: Penalty, record: str, officer: Officer, *, appeared: bool, signed: bool, tx: Transaction
) -> Penalty:
    """Record a hearing that was held, or to which the enterprise did not come; the record says why it is not `signed`."""
    await check_silent(penalty, [record], tx)
    rules.check_officer(officer.id, steps.investigators(penalty))
    steps.move(penalty, "hear")
    hearing = penalty.hearing
    assert hearing is not None
    assert hearing.on is not None
    if steps.today() < hearing.on:
        raise Conflict("hearing-not-held", "听证日期未到", "the day of the hearing has not come")
    penalty.hearing = hearing.model_copy(
        update={
            "record": encrypted_text(penalty.id, record),
            "appeared": appeared,
            "signed": signed,
            "chair": officer.id,
        }
    )
    penalty.review = None  # it knew nothing of the hearing's record, by which is decided (行政处罚法 art. 58, 65)
    return await penalty.put(tx)


def call_off(penalty: Penalty, tx: Transaction) -> None:
    """Hold no hearing that was asked for or set, as the procedure ends with none of the penalties for which it would be due
    (行政处罚法 art. 57, 63), or with the court of law (art. 27); the enterprise and who would hold it are told, and not why."""
    if penalty.state in ("hearing_asked", "hearing_set"):
        _take_off(penalty)
        steps.tell(penalty, events.hearing_called_off(penalty), tx)


def _take_off(penalty: Penalty) -> None:
    if penalty.hearing is not None and penalty.hearing.record is None:
        penalty.hearing = penalty.hearing.model_copy(update={"called_off_on": steps.today()})


def say(penalty: Penalty, what: Said, text: str, on: dt.date | None = None) -> None:
    """Keep what the enterprise or the person said."""
    said = Statement(what=what, text=encrypted_text(penalty.id, text), on=on or steps.today())
    penalty.statements = [*penalty.statements, said]
