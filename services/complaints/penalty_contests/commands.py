"""Let a decision be contested by review or suit, be changed, or be annulled."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from services.complaints.officers.documents import Officer
from services.complaints.penalties import debt_rules, events, licence_documents, rules, steps
from services.complaints.penalties.confidence import check_silent
from services.complaints.penalties.documents import Penalty, PunishedAct, encrypted_text
from services.complaints.penalties.payment_documents import Contest, ContestKind, Part
from services.complaints.penalty_grounds.licence_rules import Suspended
from services.complaints.penalty_grounds.rules import Revocable
from services.complaints.penalty_payments.commands import KEPT, over, owe_again, watch
from services.complaints.penalty_publication.commands import withdraw
from services.complaints.terms import commands as terms
from shared import faults
from shared.errors import Conflict, RuleBroken
from shared.policy.contesting import review_decided_by, sue_after_review
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Lower:
    """What a fine and a confiscation are changed to (yuan); None: they stay as they are. `licence_back`: the licence is not taken
    away or suspended after all; `suspended_days`: it is suspended for so many days, which are less."""

    fine: Decimal | None = None
    confiscated: Decimal | None = None
    licence_back: bool = False
    suspended_days: int | None = None


async def contest(
    penalty: Penalty, kind: ContestKind, on: dt.date, tx: Transaction, *, admitted: bool = False
) -> Penalty:
    """Record that the enterprise asked for a review or sued: nothing is added while that goes on (行政处罚法 art. 73).

    A review is asked for once, and not after a suit (行政复议法 art. 29); a suit may follow either, as an appeal does. A review
    that is not decided in its term is left for the court (行政诉讼法 art. 45). What is executed, or was, is contested in time as well;
    the execution goes on (行政复议法 art. 20, 42; 行政诉讼法 art. 46, 56). `admitted`: it was taken up though its time was over.
    """
    until = _until(penalty, kind)
    if until is not None:
        rules.check_contested_in_time(penalty.state, until, on, admitted=admitted)
    if kind == "suit":
        _leave_review(penalty, on)
    if penalty.contested:
        raise Conflict("contested-already", "已有未结的复议或者诉讼", "a review or suit goes on")
    if kind == "review" and penalty.contests:
        raise Conflict(
            "reviewed-already",
            "已申请过行政复议或者已提起行政诉讼，不得再申请行政复议",
            "nobody asks for a review after another, or after a suit",
        )
    if penalty.served_on is None or not penalty.served_on <= on <= steps.today():
        raise RuleBroken("contest-day", "申请日期有误", "the day is before the service or after today")
    steps.move(penalty, "contest")
    penalty.contests = [*penalty.contests, Contest(kind=kind, first=on, admitted=admitted)]
    await terms.end("penalty", penalty.id, tx, but=KEPT)
    await _settle(penalty, tx)
    await watch(penalty, steps.today(), tx)  # what was added, and paid, for days since it began was too much
    return await penalty.put(tx)


def _until(penalty: Penalty, kind: ContestKind) -> dt.date | None:
    """The last day to ask for a review, or to sue: after a review by the time that runs from it. None before the service, and for an
    appeal, which the higher court looks at."""
    if kind == "review" or not penalty.contests:
        return penalty.review_by if kind == "review" else penalty.sue_by
    last = penalty.contests[-1]
    if last.kind == "suit":
        return None
    if last.last is None:
        law = parameters.on(last.first, place=penalty.district)
        return sue_after_review(review_decided_by(last.first, law), law)
    return last.sue_by or penalty.sue_by


def _leave_review(penalty: Penalty, on: dt.date) -> None:
    """End a review that goes on on the day of a suit, where its term was over by then."""
    open_ = next((one for one in penalty.contests if one.last is None), None)
    if open_ is None or open_.kind != "review":
        return
    law = parameters.on(open_.first, place=penalty.district)
    if on > review_decided_by(open_.first, law):
        left = open_.model_copy(update={"last": on})
        penalty.contests = [left if one is open_ else one for one in penalty.contests]
        steps.keep_law(penalty, law)


async def end_contest(
    penalty: Penalty,
    on: dt.date,
    received_on: dt.date | None,
    lower: Lower,
    text: str,
    *,
    annulled: bool,
    unlawful: bool,
    tx: Transaction,
) -> Penalty:
    """Record how a review or suit ended: upheld, changed to a lower penalty, annulled, or found `unlawful` though it stands.
    `received_on`: when the enterprise received
    the decision of a review, from which its time to sue runs; where it is not said, from the day on which the review ended."""
    open_ = next((one for one in penalty.contests if one.last is None), None)
    if open_ is None:
        raise Conflict("not-contested", "没有未结的复议或者诉讼", "no review or suit goes on")
    if not open_.first <= on <= steps.today():
        raise RuleBroken("contest-day", "日期有误", "the day is before it began or after today")
    if received_on is not None and not on <= received_on <= steps.today():
        raise RuleBroken("received-day", "收到复议决定书的日期有误", "the day is before the decision or after today")
    law = steps.law_of(penalty)
    sue_by = sue_after_review(received_on or on, law) if open_.kind == "review" else None
    ended = open_.model_copy(
        update={"last": on, "received_on": received_on or on, "sue_by": sue_by, "unlawful": unlawful}
    )
    penalty.contests = [ended if one is open_ else one for one in penalty.contests]
    steps.keep_law(penalty, law)
    if annulled and unlawful:
        raise RuleBroken(
            "annulled-and-unlawful",
            "撤销和确认违法不得并存",
            "a decision is annulled, or unlawful and stands, not both",
        )
    if annulled:
        return await annul(penalty, text, None, tx)
    if unlawful:
        await _find_unlawful(penalty, lower, text, tx)
    elif lower == Lower():
        steps.move(penalty, "uphold")
    else:
        await _change(penalty, lower, text, tx)
    # what was added for days after its end is owed, also where it was paid back meanwhile
    await owe_again(penalty, law, tx)
    await watch(penalty, steps.today(), tx)
    return await steps.put(penalty, law, tx)


async def _find_unlawful(penalty: Penalty, lower: Lower, text: str, tx: Transaction) -> None:
    """Let a decision stand that was found unlawful: it is not public any more (行政诉讼法 art. 74; 行政处罚法 art. 48)."""
    if lower != Lower():
        raise RuleBroken(
            "unlawful-and-changed",
            "确认违法但不撤销的，处罚决定不作变更",
            "what is found unlawful and stands is not changed",
        )
    await check_silent(penalty, [text], tx)
    steps.move(penalty, "uphold")
    penalty.ending = encrypted_text(penalty.id, text)
    await withdraw(penalty, text, tx)


async def annul(penalty: Penalty, text: str, officer: Officer | None, tx: Transaction) -> Penalty:
    """Annul a decision that should not be: by review or court (`officer` None), or as another officer than who decided. The act
    may be decided on again, though not more harshly than what was defended against."""
    if officer is not None:
        on_spot = [] if penalty.on_spot is None else steps.investigators(penalty)
        rules.check_officer(officer.id, [steps.decided(penalty).by, *on_spot])
    await check_silent(penalty, [text], tx)
    steps.move(penalty, "annul")
    penalty.ending = encrypted_text(penalty.id, text)
    await PunishedAct.give_up(penalty.act, penalty.id, tx)
    await over(penalty, tx)
    await watch(penalty, steps.today(), tx)
    await withdraw(penalty, text, tx)
    steps.tell(penalty, events.closed(penalty, "annulled"), tx)
    return await penalty.put(tx)


async def _change(penalty: Penalty, lower: Lower, text: str, tx: Transaction) -> None:
    decided = steps.decided(penalty)
    fine = decided.fine if lower.fine is None else lower.fine
    confiscated = decided.confiscated if lower.confiscated is None else lower.confiscated
    held = None if decided.suspended is None else decided.suspended.value
    revoked, suspended = _licence(decided.revoked, held, lower)
    before = (decided.fine, decided.confiscated, decided.revoked, held)
    nothing = not (fine or confiscated or revoked or suspended or decided.warning)
    same = (fine, confiscated, revoked, suspended) == before
    if nothing or same or fine > decided.fine or confiscated > decided.confiscated:
        raise RuleBroken(
            "changed-fine",
            "变更后的处罚应轻于原处罚；没有处罚的应当撤销",
            "a changed penalty is lower than before, and is one",
        )
    await check_silent(penalty, [text], tx)
    steps.move(penalty, "change")
    changed = {
        "fine": fine,
        "confiscated": confiscated,
        "revoked": revoked,
        "suspended": licence_documents.Suspended.of(suspended),
    }
    penalty.as_signed = penalty.as_signed or decided
    penalty.decided = decided.model_copy(update=changed)
    penalty.parts = [Part(amount=part.amount, on=part.on) for part in debt_rules.reduced(penalty.account.parts, fine)]
    if penalty.confiscation is not None:
        penalty.confiscation = penalty.confiscation.model_copy(update={"amount": confiscated})
    penalty.ending = encrypted_text(penalty.id, text)
    await withdraw(penalty, text, tx)
    steps.tell(penalty, events.closed(penalty, "changed"), tx)
    await _settle(penalty, tx)
    faults.reach("penalty.changed")


def _licence(
    revoked: Revocable | None, suspended: Suspended | None, lower: Lower
) -> tuple[Revocable | None, Suspended | None]:
    """What becomes of a licence: it is back, or suspended for less."""
    if lower.licence_back and revoked is None and suspended is None:
        raise RuleBroken(
            "no-licence", "该处罚决定没有吊销或者暂扣许可证", "the decision takes no licence away, nor suspends one"
        )
    if lower.licence_back:
        return None, None
    if lower.suspended_days is None:
        return revoked, suspended
    if suspended is None or lower.suspended_days >= suspended.days:
        raise RuleBroken(
            "suspension-days", "变更后的暂扣期限应短于原期限", "a licence is suspended for less than before"
        )
    return revoked, Suspended(suspended.kind, lower.suspended_days)


async def _settle(penalty: Penalty, tx: Transaction) -> None:
    """Let a fine be paid of which nothing is owed any more, though no payment comes in."""
    if penalty.state in {*rules.OWED, "ended"} and debt_rules.total(penalty.account, steps.today()) <= 0:
        steps.move(penalty, "pay")
        await over(penalty, tx)
