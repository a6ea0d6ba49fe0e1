"""Take decisions again beside the old ones; deal with a difference by two officers, never by the machine itself."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final

import msgspec

from services.subsidies.applications import events, payment_commands
from services.subsidies.applications.documents import Application
from services.subsidies.applications.kinds import KINDS, RULES, kind_of
from services.subsidies.applications.proposal_commands import facts_of
from services.subsidies.applications.proposal_commands import propose as propose_anew
from services.subsidies.applications.rules import DECIDED, UNDECIDED, check_signer, party_of
from services.subsidies.applications.step_commands import let_contest, store
from services.subsidies.decisions import commands as decisions
from services.subsidies.decisions import record_rules
from services.subsidies.decisions.documents import Decision, Subject
from services.subsidies.decisions.record_rules import DecisionRecord
from services.subsidies.decisions.rules import Outcome, Rule
from services.subsidies.persons import commands as persons
from services.subsidies.recoveries.rules import Reason
from services.subsidies.revisions import case_commands, rules
from services.subsidies.revisions.documents import Revision, SubsidyLaw, encrypted_reason
from services.subsidies.revisions.rules import Answer, Cause
from shared import clock
from shared.contracts.base import money
from shared.errors import Conflict
from shared.policy.calendar import shanghai_date
from shared.running import Running
from shared.storage.client import collection_of
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact

AT_ONCE = 20
"""Decisions taken again in one transaction."""


class Again(msgspec.Struct, frozen=True):
    """Decisions of a kind on `since` or later, after one (None: from the first)."""

    kind: str
    since: dt.date
    after: tuple[dt.date, str] | None = None


AGAIN = TimerKind("subsidies.decide_again", Again)


async def consider(subject_id: str, tx: Transaction) -> None:
    """Look again at every application that is about somebody of whom something else is known now."""
    for application in await tx.find(Application, {"subjects": subject_id}, sort="_id"):
        if application.state in UNDECIDED:
            await propose_anew(application, tx)
            await application.put(tx)
        elif application.state in DECIDED:
            await decide_again(application, "facts", tx)
            await case_commands.follow_restriction(application, tx)


async def merge(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's applications to the record that has taken the other's place; what both were paid for becomes a case."""
    for one in (worker_id, merged_worker_id):
        Subject.touch(one, tx)
    for application in await tx.find(Application, {"subjects": merged_worker_id}, sort="_id"):
        if application.applicant_id == merged_worker_id:
            await _move(application, worker_id, tx)
        application.subjects = [worker_id if one == merged_worker_id else one for one in application.subjects]
        await application.put(tx)
    await consider(worker_id, tx)


async def decide_again(application: Application, cause: Cause, tx: Transaction) -> None:
    """Decide by what is known now; where the result is another, open a case, and lift what no longer differs.

    Where somebody was erased, nothing is decided: what is no longer known speaks against nobody.
    """
    last = await _last(application, tx)
    if last is None or await persons.is_erased(application.subjects, tx):
        return
    rule, facts = _rule_of(application, last), await facts_of(application, tx)
    outcome = record_rules.outcome_of(rule, facts, _today())
    difference = rules.compare(last, application.amount, outcome)
    found = None if difference is None else _id_of(application, outcome)
    for other in await tx.find(Revision, {"application_id": application.id}):
        if other.state in rules.OPEN and other.id != found and other.cause not in rules.OF_THEIR_OWN:
            other.state = rules.STATES.next(other.state, "lift")
            await other.put(tx)
    if found is not None and difference is not None:
        await _open(found, application, cause, difference.amount, outcome, tx)


async def open_for_appeal(application: Application, appeal_id: str, tx: Transaction) -> Revision:
    """Open a case for an approval, or what was decided of it later, that an authority or a court has set aside; other officers than
    those who decided say what follows."""
    application.away = list(dict.fromkeys([*application.away, *application.decided_by]))
    await application.put(tx)
    events.revision_opened(application, appeal_id, None, tx)
    return await case_commands.new(appeal_id, application, "appeal", None).put(tx)


async def propose(
    revision: Revision, answer: Answer, amount: Decimal | None, reason: str, officer: str, tx: Transaction
) -> Revision:
    """Propose, as the first officer, what follows. `amount`: the difference in yuan, where the machine cannot say it."""
    application = await _in_hand(revision, officer, tx)
    rules.check_money(answer, application.amount)
    revision.decided = rules.check_answer(answer, revision.difference, amount)
    revision.state = rules.STATES.next(revision.state, "propose")
    revision.answer, revision.proposed_by = answer, officer
    revision.reason = encrypted_reason(revision.id, reason)
    return await revision.put(tx)


async def send_back(revision: Revision, officer: str, tx: Transaction) -> Revision:
    """Do not follow what was proposed."""
    await _in_hand(revision, officer, tx)
    rules.check_confirmer(officer, revision.proposed_by)
    revision.state = rules.STATES.next(revision.state, "return")
    revision.answer = revision.decided = revision.proposed_by = None
    return await revision.put(tx)


async def confirm(revision: Revision, officer: str, tx: Transaction) -> Revision:
    """Confirm, as the second officer: pay the rest, claim back, or leave it. What is decided is recorded beside the first."""
    application = await _in_hand(revision, officer, tx)
    rules.check_confirmer(officer, revision.proposed_by)
    assert revision.answer is not None
    assert revision.decided is not None
    revision.state = rules.STATES.next(revision.state, revision.answer)
    revision.confirmed_by, revision.decided_on = officer, _today()
    if revision.answer != "drop":
        let_contest(application, [str(revision.proposed_by), officer])
        await _decide(application, revision, officer, tx)
    events.revision_decided(application, revision.id, _OUTCOMES[revision.answer], revision.decided, tx)
    return await revision.put(tx)


REASONS: Final[dict[Cause, Reason]] = {
    "facts": "facts_changed",
    "parameters": "rate_changed",
    "appeal": "not_entitled",
    "restriction": "not_entitled",
}
_OUTCOMES: dict[Answer, events.RevisionOutcome] = {
    "supplement": "supplemented",
    "recover": "recovered",
    "drop": "dropped",
}


async def follow_law(running: Running | None = None) -> None:
    """Have decisions taken again where a parameter is another than when they were looked at: published late, or put right."""
    await transact(_follow_law)


async def decide_some_again(asked: Again, tx: Transaction) -> Again | None:
    """Take the next decisions again; where to go on, or None at the end."""
    query: dict[str, object] = {"kind": asked.kind, "day": {"$gte": _stored(asked.since)}}
    if asked.after is not None:
        day, last = asked.after
        query = {
            "kind": asked.kind,
            "$or": [{"day": {"$gt": _stored(day)}}, {"day": _stored(day), "_id": {"$gt": last}}],
        }
    reading = collection_of(Decision).find(query, {"application_id": 1, "day": 1}, session=tx.session)
    found = await reading.sort([("day", 1), ("_id", 1)]).limit(AT_ONCE).to_list(None)
    for application_id in dict.fromkeys(row["application_id"] for row in found):
        application = await Application.of(application_id, tx)
        if application is not None and application.state in DECIDED:
            await decide_again(application, "parameters", tx)
    if len(found) < AT_ONCE:
        return None
    return msgspec.structs.replace(asked, after=(found[-1]["day"].date(), found[-1]["_id"]))


async def _follow_law(tx: Transaction) -> None:
    for kind in KINDS.values():
        known, today = await SubsidyLaw.of(kind.code, tx), rules.rows(kind.parameters)
        if known is None:
            await SubsidyLaw(id=kind.code, rows=today).put(tx)
            continue
        since = rules.first_difference(known.rows, today)
        if since is not None:
            known.rows = today
            await known.put(tx)
            tx.schedule(AGAIN, kind.code, clock.now(), Again(kind.code, since))


async def _open(
    revision_id: str,
    application: Application,
    cause: Cause,
    difference: Decimal | None,
    outcome: Outcome,
    tx: Transaction,
) -> None:
    known = await Revision.of(revision_id, tx)
    if known is not None and known.state != "lifted":
        return
    if known is not None:
        known.state = rules.STATES.next(known.state, "reopen")
    revision = known or case_commands.new(revision_id, application, cause, difference)
    revision.against = [ground.code for ground in outcome.grounds if ground.met is False]
    revision.used = list(outcome.used)
    events.revision_opened(application, revision.id, difference, tx)
    await revision.put(tx)


async def _decide(application: Application, revision: Revision, officer: str, tx: Transaction) -> None:
    """Record a decision by what is known now beside the first, and pay the rest or claim back."""
    assert revision.decided is not None
    assert application.amount is not None
    last = await _last(application, tx)
    rule, facts = _rule_of(application, last), await facts_of(application, tx)
    outcome = record_rules.outcome_of(rule, facts, _today())
    if not await _still(revision, application, outcome, tx):
        raise Conflict("revision-changed", "核定依据又有变化，请重新处理", "what it rests on has changed again")
    amount = application.amount + revision.decided
    if amount < 0:
        raise Conflict("below-zero", "追回金额超过已核定金额", "more than was approved would be claimed back")
    set_now = None if outcome.amount == amount or not amount else money(amount)
    record = record_rules.record_of(
        application.id, rule, facts, outcome, _today(), judged=last.judged if last else (), amount_set=set_now
    )
    application.decisions += 1
    await decisions.keep(record, application.applicant_kind, facts, application.decisions, tx)
    kept = outcome.once if outcome.met is not False and amount else ()
    await decisions.give_up_facts(application.id, set(application.once) - set(kept), tx)
    await decisions.take_facts(kept, application.id, tx)
    application.amount, application.once = amount, list(kept)
    if revision.decided > 0:
        await payment_commands.supplement(application, application.decisions, revision.decided, tx)
    elif revision.cause == "restriction":
        await payment_commands.stop(application, officer, tx)
    else:
        note = revision.clear_reason or ""
        await payment_commands.claim_back(application, -revision.decided, REASONS[revision.cause], note, officer, tx)
    await store(application, tx)


async def _still(revision: Revision, application: Application, outcome: Outcome, tx: Transaction) -> bool:
    """Whether a case is about what is so now."""
    match revision.cause:
        case "appeal":
            return True
        case "restriction":
            return await case_commands.still_restricted(revision, application, tx)
    return revision.id in (_id_of(application, outcome), _digest_of(application, outcome))


async def _in_hand(revision: Revision, officer: str, tx: Transaction) -> Application:
    """The application of a difference; raises Forbidden where the officer stays away from it."""
    application = await Application.of(revision.application_id, tx)
    assert application is not None
    check_signer(officer, (), application.away)
    return application


async def _move(application: Application, worker_id: str, tx: Transaction) -> None:
    """Let an application be another's: the facts that it holds are taken under the new id, where they are free."""
    before = application.applicant_id
    own = party_of(application.applicant_kind, before)
    new = party_of(application.applicant_kind, worker_id)
    application.applicant_id = worker_id
    application.parties = [str(new) if one == own else one for one in application.parties]
    if application.agent is not None and application.agent.party == new:
        application.agent = None  # it is their own now
    if application.state not in DECIDED:
        return
    facts = await facts_of(application, tx)
    outcome = record_rules.outcome_of(kind_of(application.kind).rule, facts, _today())
    once = rules.held_on([key.replace(f":{before}:", f":{worker_id}:") for key in application.once], outcome.once)
    taken = await decisions.taken_by_others(once, application.id, tx)
    free = [key for key in once if key not in taken]
    await decisions.give_up_facts(application.id, set(application.once) - set(free), tx)
    await decisions.take_facts(free, application.id, tx)
    application.once = free


def _rule_of(application: Application, last: DecisionRecord | None) -> Rule[Any]:
    """The version of the rule by which an application was decided: a later one makes no other decision of what was decided."""
    return kind_of(application.kind).rule if last is None else RULES[last.kind, last.version]


async def _last(application: Application, tx: Transaction) -> DecisionRecord | None:
    decision = await Decision.of(f"{application.id}:{application.decisions:03}", tx)
    return None if decision is None else record_rules.read(decision.content)


def _id_of(application: Application, outcome: Outcome) -> str:
    """The id of the case of a result beside the decision that stands: the same result beside a later decision is another case."""
    first = _digest_of(application, outcome)
    return first if application.decisions < 2 else f"{first}:{application.decisions}"


def _digest_of(application: Application, outcome: Outcome) -> str:
    """The same without the decision, as cases beside later decisions were named before."""
    weighed = {name: value for name, value in record_rules.result_of(outcome).items() if name != "once"}
    return f"{application.id}:{record_rules.digest(weighed)[:16]}"


def _stored(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _today() -> dt.date:
    return shanghai_date(clock.now())
