"""What officers find of an application that is taken up: two findings, public notice, decision."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from services.subsidies.applications import events, payment_commands, rules
from services.subsidies.applications.documents import TEXT, Application, Review, encrypted
from services.subsidies.applications.kinds import kind_of
from services.subsidies.applications.proposal_commands import propose
from services.subsidies.applications.rules import Finding, State
from services.subsidies.applications.step_commands import keep_used, law_of, let_contest, move, store
from services.subsidies.applications.term_commands import CALENDAR, NOTICE_ENDS, end_terms, set_term
from services.subsidies.decisions import commands as decisions
from services.subsidies.decisions import record_rules
from services.subsidies.decisions.rules import Facts, Outcome
from shared import clock
from shared.contracts.base import money
from shared.errors import Conflict
from shared.policy.calendar import end_of_day, shanghai_date
from shared.storage import provisional
from shared.storage.transaction import Transaction


class Standing(NamedTuple):
    """A finding that is to be signed, with the facts and the outcome that it rests on."""

    finding: Finding
    facts: Facts
    outcome: Outcome


async def propose_again(application: Application, tx: Transaction) -> Application:
    """Have the machine propose by what is known now; findings on an earlier proposal that was another fall."""
    if application.state not in rules.UNDECIDED:
        raise Conflict("decided", "该申请已经办结", "it is decided already")
    await propose(application, tx)
    _drop_stale(application, tx)
    return await store(application, tx)


async def review(
    application: Application, finding: Finding, note: str | None, officer: str, tx: Transaction
) -> Application:
    """Find, as the first officer, for or against an application. The applicant reads the note to a refusal."""
    rules.check_signer(officer, (), application.away)
    rules.check_reasons(finding, note)
    _, outcome = await propose(application, tx)
    amount = rules.check_finding(finding, outcome, _barred(application), paid=_paid(application))
    move(application, "review", officer, note)
    assert application.proposal is not None
    application.review = Review(
        approve=finding.approve,
        judged=list(finding.judged),
        against=list(finding.against),
        amount=amount,
        digest=application.proposal.digest,
        note=None if note is None else encrypted(TEXT, application.id, note),
    )
    application.signed = [officer]
    return await store(application, tx)


async def send_back(application: Application, why: str, officer: str, tx: Transaction) -> Application:
    """Return an application to the first officer: a finding is not followed, or an objection holds."""
    rules.check_signer(officer, (), application.away)
    _return(application, officer, why, tx)
    return await store(application, tx)


async def confirm(application: Application, officer: str, to_head: bool | None, tx: Transaction) -> Application:
    """Sign a finding as the second officer: it is refused, passed to the head, announced, or approved.

    `to_head`: whether the head signs too, where no limit is known.
    """
    _require(application, "reviewed")
    rules.check_signer(officer, application.signed, application.away)
    standing = await _standing(application, tx)
    application.signed = [*application.signed, officer]
    if not standing.finding.approve:
        return await _refuse(application, standing.finding, officer, tx)
    law = law_of(application)
    heads = rules.needs_head(standing.finding.amount, law, to_head)
    keep_used(application, law)
    if heads:
        move(application, "endorse", officer)
        return await store(application, tx)
    return await _go_on(application, standing, officer, tx)


async def endorse(application: Application, head: str, tx: Transaction) -> Application:
    """Sign as the head what two officers have signed."""
    _require(application, "endorsing")
    rules.check_signer(head, application.signed, application.away)
    standing = await _standing(application, tx)
    application.signed = [*application.signed, head]
    return await _go_on(application, standing, head, tx)


async def approve(application: Application, officer: str, tx: Transaction) -> Application:
    """Approve what was on public notice, once its days are over and no objection is open."""
    _require(application, "notice")
    rules.check_signer(officer, (), application.away)
    if application.notice_until is None or _today() <= application.notice_until:
        raise Conflict("notice-open", "公示期未满", "the public notice is not over")
    if application.open_objections:
        raise Conflict("objections-open", "尚有公示异议未处理", "an objection is open")
    return await _approve(application, await _standing(application, tx), officer, tx)


async def reopen(application: Application, officer: str, note: str, tx: Transaction) -> Application:
    """Decide anew on a refusal that an authority or a court has set aside; by others than before."""
    move(application, "reopen", officer, note)
    application.away = list(dict.fromkeys([*application.away, *application.decided_by]))
    application.review, application.signed, application.grounds = None, [], []
    application.decided_on = application.letter_on = application.review_received_on = None
    application.accepted_on, application.pauses = _today(), []
    law = law_of(application)
    set_term(application, law, tx)
    keep_used(application, law)
    await propose(application, tx)
    return await store(application, tx)


async def close_notice(application_id: str, tx: Transaction) -> None:
    """Say that the days of a public notice are over."""
    application = await Application.of(application_id, tx)
    if application is not None and application.state == "notice" and application.notice_until is not None:
        events.notice_closed(application, application.notice_until, tx)


async def stay_away(application: Application, officer: str, tx: Transaction) -> Application:
    """Note that an officer has an interest in an application: what they signed of it falls."""
    application.away = list(dict.fromkeys([*application.away, officer]))
    if officer in application.signed and rules.STATES.allows(application.state, "return"):
        _return(application, officer, None, tx)
    return await store(application, tx)


async def _go_on(application: Application, standing: Standing, officer: str, tx: Transaction) -> Application:
    if kind_of(application.kind).announced:
        return await _announce(application, officer, tx)
    return await _approve(application, standing, officer, tx)


async def _standing(application: Application, tx: Transaction) -> Standing:
    """The finding that is to be signed, where what it rests on still stands; raises Conflict where it is another now."""
    review = application.review
    if review is None:
        raise Conflict("not-reviewed", "该申请尚未初审", "no officer has found on it yet")
    facts, outcome = await propose(application, tx)
    assert application.proposal is not None
    if review.approve and application.proposal.digest != review.digest:
        raise Conflict("proposal-changed", "核定依据已变化，请重新核算", "what it rests on has changed: propose again")
    finding = Finding(
        approve=review.approve, judged=tuple(review.judged), against=tuple(review.against), amount=review.amount
    )
    return Standing(finding, facts, outcome)


def _require(application: Application, state: State) -> None:
    if application.state != state:
        raise Conflict(
            "application-state", "该申请的当前状态不允许此操作", f"it is {application.state}", state=application.state
        )


def _return(application: Application, by: str, why: str | None, tx: Transaction) -> None:
    """Return an application to the first officer; after a public notice the term to decide goes on."""
    was_public = application.state == "notice"
    move(application, "return", by, why)
    application.review, application.signed, application.public = None, [], False
    if was_public:
        tx.cancel(NOTICE_ENDS, application.id)
        set_term(application, law_of(application), tx)


def _drop_stale(application: Application, tx: Transaction) -> None:
    """Return an application to the first officer where the finding rests on another proposal."""
    review, proposal = application.review, application.proposal
    if review is None or proposal is None or not review.approve or review.digest == proposal.digest:
        return
    _return(application, "machine", None, tx)


async def _refuse(application: Application, finding: Finding, officer: str, tx: Transaction) -> Application:
    move(application, "refuse", officer)
    application.grounds = list(finding.against)
    _close(application, tx)
    events.refused(application, tx)
    return await store(application, tx)


async def _announce(application: Application, officer: str, tx: Transaction) -> Application:
    move(application, "announce", officer)
    law = law_of(application)
    application.notice_since, last = rules.days_of_notice(_today(), law)
    application.notice_until = last.due
    provisional.watch(CALENDAR, f"{application.id}:notice", last, tx)
    keep_used(application, law)
    application.public = True
    end_terms(application, tx)
    tx.schedule(NOTICE_ENDS, application.id, end_of_day(application.notice_until))
    events.notice_opened(application, application.notice_since, application.notice_until, tx)
    return await store(application, tx)


async def _approve(application: Application, standing: Standing, officer: str, tx: Transaction) -> Application:
    """Approve: facts are frozen in the record, what is paid for is taken, and money is reserved, in one transaction."""
    kind = kind_of(application.kind)
    finding, facts, outcome = standing
    amount = rules.check_finding(finding, outcome, _barred(application), paid=_paid(application))
    move(application, "approve", officer)
    await decisions.take_facts(outcome.once, application.id, tx)
    record = record_rules.record_of(
        application.id,
        kind.rule,
        facts,
        outcome,
        _today(),
        judged=finding.judged,
        amount_set=None if amount is None or outcome.amount is not None else money(amount),
    )
    application.decisions += 1
    await decisions.keep(record, application.applicant_kind, facts, application.decisions, tx)
    application.amount, application.once, application.grounds = amount, list(outcome.once), []
    application.public = kind.announced
    _close(application, tx)
    events.approved(application, tx)
    if kind.approved is not None:
        await kind.approved(facts, application.applying, kind.department, tx)
        await _tell_others(application, tx)
    if amount is not None:
        await payment_commands.reserve(application, amount, tx)
    return await store(application, tx)


async def _tell_others(application: Application, tx: Transaction) -> None:
    """Have the applicant's other applications considered again, as what follows from the approval may be what they rest on.

    One that is handed in at the same time meets this transaction at its subject.
    """
    others = {"subjects": application.applicant_id, "_id": {"$ne": application.id}}
    if await tx.rows(Application, others, {"_id": 1}, limit=1):
        tx.schedule(decisions.FACTS_CHANGED, application.applicant_id, clock.now())


def _close(application: Application, tx: Transaction) -> None:
    """A decision is taken, and nothing is due of it any more."""
    application.decided_on = _today()
    let_contest(application, application.signed)
    end_terms(application, tx)
    tx.cancel(NOTICE_ENDS, application.id)


def _barred(application: Application) -> list[str]:
    return [] if application.proposal is None else application.proposal.barred


def _paid(application: Application) -> bool:
    return kind_of(application.kind).fund is not None


def _today() -> dt.date:
    return shanghai_date(clock.now())
