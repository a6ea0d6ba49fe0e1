"""Open a consultation, answer it, note what is offered, and close it."""

from __future__ import annotations

from services.registry.consultations import rules
from services.registry.consultations.access import require_speaker
from services.registry.consultations.documents import ANSWER, DEMAND, NOTE, SUMMARY, Answer, Consultation, Note
from services.registry.consultations.rules import Event, Level, Outcome, Side
from services.registry.unions import scopes
from shared import clock
from shared.callers import Caller
from shared.contracts.platform import Industry
from shared.contracts.registry import (
    ConsultationAnswered,
    ConsultationAnswerNear,
    ConsultationAnswerOverdue,
    ConsultationClosed,
    ConsultationFields,
    ConsultationOpened,
    Subject,
)
from shared.errors import Conflict, Forbidden, NotFound, RuleBroken
from shared.ids import new_id
from shared.policy.calendar import end_of_day, shanghai_date, share_passed, start_of_day
from shared.policy.parameters import parameters
from shared.storage import provisional
from shared.storage.encryption import encrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Provisional, by_day, provisional_kind, rests_on
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction

CALENDAR = provisional_kind("registry.consultation_calendar")
STORED = by_day(CALENDAR, Consultation, "answer_by", rests_on, state={"$ne": "closed"})
OVERDUE = TimerKind("registry.consultation_answer")
"""The timer of a demand: the end of the last day for an answer."""
NEAR = TimerKind("registry.consultation_answer_near")
"""The timer by which a share of the term for an answer has passed."""

CLOSED_BY: dict[Outcome, Event] = {
    "contract": "conclude",
    "minutes": "conclude",
    "failed": "fail",
    "withdrawn": "withdraw",
}


async def open_consultation(
    *,
    level: Level,
    side: Side,
    workers_side: str,
    platforms: list[str],
    industry: Industry | None,
    district: str,
    subjects: list[Subject],
    demand: str,
    caller: Caller,
    tx: Transaction,
) -> Consultation:
    """Put the workers' demand for consultation on file, with the term for an answer (集体合同规定 art. 32)."""
    right = {
        "enterprise": bool(platforms),
        "industry": not platforms and industry is not None,
        "region": not platforms and industry is None,
    }
    if not right[level]:
        raise RuleBroken(
            "level-and-parties",
            "协商层级与协商对象不符：企业层级须列明企业，行业层级须列明行业，区域层级两者都不列",
            "the level does not fit: name enterprises, or a trade, or for a region neither",
        )
    await require_speaker(caller, district, industry, platforms, tx)
    today = shanghai_date(clock.now())
    law = parameters.on(today, place=district)
    consultation_id, deadline = new_id(), rules.answer_by(today, law)
    consultation = Consultation(
        id=consultation_id,
        level=level,
        side=side,
        workers_side=workers_side,
        platforms=sorted(set(platforms)),
        industry=industry,
        district=district,
        subjects=sorted(set(subjects)),
        demand=encrypt_field(DEMAND, consultation_id, demand),
        asked_on=today,
        answer_by=deadline.due,
        opened_by=caller.subject,
        used=list(law.used),
    )
    await consultation.put(tx)
    provisional.watch(CALENDAR, consultation_id, deadline, tx)
    _await_answer(consultation, tx)
    asked = () if platforms else await scopes.in_trade(industry, tx)
    tx.publish(ConsultationOpened(**await _facts(consultation, caller, tx), side=side, asked=asked))
    return consultation


def _await_answer(consultation: Consultation, tx: Transaction) -> None:
    """Set the timers before the last day for an answer, and at its end."""
    percent = parameters.on(shanghai_date(clock.now()), place=consultation.district).number("terms.warn_percent")
    near = start_of_day(share_passed(consultation.asked_on, consultation.answer_by, percent))
    if near > clock.now():
        tx.schedule(NEAR, consultation.id, near)
    tx.schedule(OVERDUE, consultation.id, end_of_day(consultation.answer_by))


async def recalculate(consultation_id: str, kept: Provisional, tx: Transaction) -> None:
    """Move the last day to answer, where the days off have been published that it rests on."""
    consultation = await Consultation.of(consultation_id, tx)
    # where one enterprise has answered, the others still have until then
    if consultation is None or consultation.state == "closed" or consultation.answer_by != kept.due:
        return
    law = parameters.on(consultation.asked_on, place=consultation.district)
    deadline = rules.answer_by(consultation.asked_on, law)
    if deadline.due != kept.due:
        consultation.answer_by = deadline.due
        _await_answer(consultation, tx)
        provisional.watch(CALENDAR, consultation.id, deadline, tx)
        await consultation.put(tx)


async def answer(
    consultation_id: str, takes_part: bool, text: str, caller: Caller, seen: int, tx: Transaction
) -> Consultation:
    """Take an enterprise's answer down; an officer's is that of the enterprises of a trade, which nobody else speaks for."""
    consultation = await consultation_of(consultation_id, tx)
    named = caller.role == "platform" and caller.uscc in consultation.platforms
    for_trade = not consultation.platforms and caller.reaches(consultation.district)
    if not named and not for_trade:
        raise Forbidden("只有被要求协商的一方可以答复", "only the side that was asked answers")
    require_revision(seen, consultation.revision)
    consultation.answers = [
        *(given for given in consultation.answers if given.platform != caller.uscc),
        Answer(
            platform=caller.uscc,
            takes_part=takes_part,
            text=encrypt_field(ANSWER, consultation.id, text),
            at=clock.now(),
        ),
    ]
    refused = {given.platform for given in consultation.answers if not given.takes_part}
    if takes_part:
        consultation.state = rules.STATES.next(consultation.state, "answer")
    elif consultation.state != "asked" or refused.issuperset(consultation.platforms):
        consultation.state = rules.STATES.next(consultation.state, "refuse")
    facts = await _facts(consultation, caller, tx)
    tx.publish(ConsultationAnswered(**facts, platform=caller.uscc, takes_part=takes_part))
    return await consultation.put(tx)


async def answer_overdue(consultation_id: str, tx: Transaction) -> None:
    """Say who has not answered a demand by its last day; a consultation that is closed waits for nobody."""
    consultation = await Consultation.of(consultation_id, tx)
    if consultation is None or consultation.state == "closed" or clock.now() < end_of_day(consultation.answer_by):
        return
    if (unanswered := _unanswered(consultation)) is not None:
        facts = await _facts(consultation, None, tx)
        tx.publish(ConsultationAnswerOverdue(**facts, answer_by=consultation.answer_by, unanswered=unanswered))


async def answer_near(consultation_id: str, tx: Transaction) -> None:
    """Say that the last day for an answer is near, to whoever owes one."""
    consultation = await Consultation.of(consultation_id, tx)
    if consultation is None or consultation.state == "closed" or clock.now() >= end_of_day(consultation.answer_by):
        return
    if (unanswered := _unanswered(consultation)) is not None:
        facts = await _facts(consultation, None, tx)
        tx.publish(ConsultationAnswerNear(**facts, answer_by=consultation.answer_by, unanswered=unanswered))


def _unanswered(consultation: Consultation) -> tuple[str, ...] | None:
    """The enterprises that have not answered, none where those of a trade are asked; None where nobody is waited for."""
    answered = {given.platform for given in consultation.answers}
    unanswered = tuple(one for one in consultation.platforms if one not in answered)
    return unanswered if unanswered or not answered else None


async def note(consultation_id: str, text: str, caller: Caller, tx: Transaction) -> Consultation:
    """Put an offer or a record of a meeting down; each side for itself."""
    consultation = await consultation_of(consultation_id, tx)
    if caller.role != "platform":
        await _require_speaker(caller, consultation, tx)
    elif caller.uscc not in consultation.platforms:
        raise Forbidden()
    consultation.state = rules.STATES.next(consultation.state, "note")
    if sum(one.by == caller.subject for one in consultation.notes) >= rules.MOST_NOTES:
        raise Conflict(
            "too-many-notes",
            f"每一方在一次协商中最多记录{rules.MOST_NOTES}条意见",
            f"each side puts at most {rules.MOST_NOTES} notes to a consultation",
        )
    noted = Note(by=caller.subject, text=encrypt_field(NOTE, consultation.id, text), at=clock.now())
    consultation.notes = [*consultation.notes, noted]
    return await consultation.put(tx)


async def close(
    consultation_id: str, outcome: Outcome, summary: str, caller: Caller, seen: int, tx: Transaction
) -> Consultation:
    """Close a consultation without a contract; one with a contract closes when the contract is put on file."""
    consultation = await consultation_of(consultation_id, tx)
    await _require_speaker(caller, consultation, tx)
    require_revision(seen, consultation.revision)
    await conclude(consultation, outcome, summary, None, caller, tx)
    return await consultation.put(tx)


async def conclude(
    consultation: Consultation,
    outcome: Outcome,
    summary: str,
    contract_id: str | None,
    caller: Caller,
    tx: Transaction,
) -> None:
    """Close a consultation and publish it; raises Conflict where its state forbids it. Does not store it."""
    consultation.state = rules.STATES.next(consultation.state, CLOSED_BY[outcome])
    consultation.outcome, consultation.summary = outcome, encrypt_field(SUMMARY, consultation.id, summary)
    consultation.contract_id, consultation.closed_at = contract_id, clock.now()
    facts = await _facts(consultation, caller, tx)
    tx.publish(ConsultationClosed(**facts, outcome=outcome, contract_id=contract_id))


async def consultation_of(consultation_id: str, tx: Transaction | None = None) -> Consultation:
    """The consultation; raises NotFound."""
    consultation = await Consultation.of(consultation_id, tx)
    if consultation is None:
        raise NotFound("该集体协商", "this consultation")
    return consultation


async def _require_speaker(caller: Caller, consultation: Consultation, tx: Transaction) -> None:
    await require_speaker(caller, consultation.district, consultation.industry, consultation.platforms, tx)


async def _facts(consultation: Consultation, caller: Caller | None, tx: Transaction) -> ConsultationFields:
    """What every event of a consultation says; the unions that hear are those that the caller does not act for."""
    unions = await scopes.concerned(
        consultation.district, consultation.industry, consultation.platforms, tx, but_for=caller
    )
    return {
        "consultation_id": consultation.id,
        "level": consultation.level,
        "platforms": tuple(consultation.platforms),
        "industry": consultation.industry,
        "district": consultation.district,
        "subjects": tuple(consultation.subjects),
        "unions": unions,
    }
