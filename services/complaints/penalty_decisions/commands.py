"""Tell the enterprise what is intended, review, decide or end it without a penalty, and serve the decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final, Literal

from services.complaints.cases.documents import Case
from services.complaints.directives.documents import Directive
from services.complaints.officers.documents import Officer
from services.complaints.parties.documents import Enterprise
from services.complaints.penalties import events, licence_documents, rules, steps
from services.complaints.penalties.confidence import check_silent
from services.complaints.penalties.decision_documents import Decided, DecisionLetter, Discussion, NoticeLetter, Review
from services.complaints.penalties.documents import Notice, Penalty, PunishedAct, encrypted_text
from services.complaints.penalties.payment_documents import Part
from services.complaints.penalties.person_documents import clear_person
from services.complaints.penalty_decisions import letter_rules
from services.complaints.penalty_decisions.intended_commands import check_intended, defended_before
from services.complaints.penalty_decisions.letter_rules import NO_LETTER, Letter, NoticeWords
from services.complaints.penalty_filing.commands import DECIDE
from services.complaints.penalty_filing.evidence_commands import check_looked_through, check_monitored
from services.complaints.penalty_grounds import intended_rules, licence_rules, person_rules
from services.complaints.penalty_grounds.intended_rules import Intended, Leniency, Mitigation
from services.complaints.penalty_grounds.licence_rules import NamedLicence
from services.complaints.penalty_hearings.commands import call_off
from services.complaints.penalty_payments.commands import schedule
from services.complaints.terms import commands as terms
from services.complaints.terms.remedies import remedies
from services.complaints.terms.rules import Length
from shared.errors import Conflict, RuleBroken
from shared.policy.calendar import add_days
from shared.policy.parameters import Law, parameters
from shared.storage.transaction import Transaction

SERVE: Final = "serve_penalty"

Closing = Literal["leave", "drop", "refer"]
"""How a penalty ends without one: not punished, not established, handed over to the police."""
OUTCOMES: Final[dict[Closing, events.Outcome]] = {"leave": "unpunished", "drop": "dropped"}
"""What the enterprise hears of it; it does not hear that it was handed over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What is told or decided: the penalty, the text of the letter, and why the amount is what it is. `answer`: to what the
    enterprise stated; `order`: what it is to put right."""

    intended: Intended
    text: str
    amount_reasons: str
    licence: NamedLicence | None = None
    mitigation: Sequence[Mitigation] = ()
    answer: str | None = None
    order: str | None = None
    letter: Letter = NO_LETTER

    @property
    def read(self) -> list[str]:
        """What the enterprise reads of it."""
        return [self.text, self.amount_reasons, self.answer or "", self.order or "", *self.letter.read]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How the enterprise is told. `silent`: the files were looked through and none shows who reported in confidence; `hearing`:
    a hearing is offered though none is due (行政处罚法 art. 63: 其他较重的行政处罚); `words`: the rest of the document, None where it
    is told by mouth."""

    by: str
    silent: bool = False
    hearing: bool = False
    words: NoticeWords | None = None

    @property
    def read(self) -> list[str]:
        """What the enterprise reads of it."""
        return [] if self.words is None else self.words.read


async def notify(penalty: Penalty, meant: Meant, telling: Telling, officer: Officer, tx: Transaction) -> Penalty:
    """Tell the enterprise facts, grounds, evidence and the intended penalty, and of its rights (行政处罚法 art. 44). What it once
    defended itself against in another procedure on the act is no heavier in this one."""
    law, today = steps.law_of(penalty), steps.today()
    await check_silent(penalty, [*meant.read, *telling.read], tx)
    await check_looked_through(penalty, silent=telling.silent, tx=tx)
    check_monitored(penalty, steps.found(penalty).evidence)
    steps.move(penalty, "notify")
    penalty.notice = await noticed(penalty, meant, telling, officer, law, rules.speaks_until(today, law), tx)
    steps.tell(penalty, events.notified(penalty, penalty.notice.speak_until, hearing=penalty.notice.hearing_due), tx)
    return await steps.put(penalty, law, tx)


async def noticed(
    penalty: Penalty, meant: Meant, telling: Telling, officer: Officer, law: Law, until: dt.date, tx: Transaction
) -> Notice:
    """What the enterprise is told, once it is checked; it may speak `until` that day."""
    check_intended(penalty, meant.intended, meant.licence, meant.mitigation, law)
    intended_rules.check_not_harsher(meant.intended, await defended_before(penalty, tx))
    return Notice(
        text=encrypted_text(penalty.id, meant.text),
        warning=meant.intended.warning,
        fine=meant.intended.fine,
        confiscated=meant.intended.confiscated,
        revoked=meant.intended.revoked,
        suspended=licence_documents.Suspended.of(meant.intended.suspended),
        licence=licence_documents.NamedLicence.of(meant.licence),
        mitigation=list(meant.mitigation),
        amount_reasons=encrypted_text(penalty.id, meant.amount_reasons),
        given_on=steps.today(),
        by=telling.by,
        speak_until=until,
        hearing_due=intended_rules.hearing_is_due(meant.intended, law) or telling.hearing or penalty.person is not None,
        silent=officer.id if telling.silent else None,
        letter=None if telling.words is None else await _notice_letter(penalty, telling.words, until, tx),
    )


async def _notice_letter(penalty: Penalty, words: NoticeWords, until: dt.date, tx: Transaction) -> NoticeLetter:
    """The rest of the document, kept as it is today. The party is whom the registry names, or the person; what the officer wrote
    stands for an enterprise of which the registry has told nothing."""
    whole = replace(words, party=await _known_party(penalty, tx) or words.party)
    letter_rules.check_notice_whole(whole)
    said = {name: encrypted_text(penalty.id, text) for name, text in asdict(whole).items()}
    return NoticeLetter(**said, evidence=steps.found(penalty).evidence, speak_until=until)


async def _known_party(penalty: Penalty, tx: Transaction) -> str | None:
    """The party's name: the person's, or that of the enterprise with this code as the registry has told it; None where it has not."""
    if penalty.person is not None:
        return clear_person(penalty.id, penalty.person.name)
    enterprise = await Enterprise.of(penalty.enterprise, tx)
    return None if enterprise is None else enterprise.name or None


async def review(penalty: Penalty, opinion: str, officer: Officer, *, passed: bool, tx: Transaction) -> Penalty:
    """Record the legal review, made by who did not investigate."""
    rules.check_officer(officer.id, steps.investigators(penalty))
    steps.move(penalty, "review")
    penalty.review = Review(passed=passed, opinion=encrypted_text(penalty.id, opinion), by=officer.id)
    return await penalty.put(tx)


async def decide(
    penalty: Penalty,
    meant: Meant,
    discussion: tuple[dt.date, Sequence[str], str] | None,
    officer: Officer,
    tx: Transaction,
) -> Penalty:
    """Decide on the penalty that was told or a lighter one, once the enterprise was heard or did not speak; as another officer
    than who investigated, reviewed and heard."""
    law, today, notice, found = steps.law_of(penalty), steps.today(), steps.notice(penalty), steps.found(penalty)
    rules.check_heard(penalty.state, notice.speak_until, today, waived=penalty.waived_on is not None)
    if penalty.standing_back:
        raise Conflict("recusal-waits", "回避申请尚未决定", "a request that an officer stay away is not decided")
    check_monitored(penalty, found.evidence)
    await steps.check_enterprise_first(penalty, tx)
    await _check_order_stands(penalty, tx)
    steps.move(penalty, "decide")
    reviewer = [] if penalty.review is None else [penalty.review.by]
    chair = [] if penalty.hearing is None or penalty.hearing.chair is None else [penalty.hearing.chair]
    rules.check_officer(officer.id, [*steps.investigators(penalty), *reviewer, *chair])
    grave = found.grave or meant.intended.takes_licence
    due = grave or penalty.hearing is not None
    rules.check_reviewed(None if penalty.review is None else penalty.review.passed, due=due)
    rules.check_discussed([] if discussion is None else discussion[1], grave=grave)
    intended_rules.check_not_harsher(meant.intended, notice.intended)
    if meant.intended.takes_licence:
        licence_rules.check_same_licence(meant.licence, None if notice.licence is None else notice.licence.value)
    rules.check_answered(sum(one.what == "statement" for one in penalty.statements), meant.answer)
    check_intended(penalty, meant.intended, meant.licence, [*notice.mitigation, *meant.mitigation], law)
    check_ordered(penalty, meant)
    letter = replace(meant.letter, party=letter_rules.party(await _known_party(penalty, tx), meant.letter.party))
    pays = bool(meant.intended.fine or meant.intended.confiscated)
    letter_rules.check_whole(letter, pays=pays, evidence=bool(found.evidence))
    await check_silent(penalty, meant.read, tx)
    if discussion is not None:
        on, people, record = discussion
        if not penalty.filed_on <= on <= today:
            raise RuleBroken("discussion-day", "集体讨论日期有误", "the day is before the filing or after today")
        penalty.discussion = Discussion(on=on, people=list(people), record=encrypted_text(penalty.id, record))
    penalty.decided = as_decided(penalty.id, replace(meant, letter=letter), officer, today)
    await terms.meet("penalty", penalty.id, DECIDE, today, tx)
    await steps.over(penalty, tx)
    length = Length(law.days("penalty.serve_workdays"), "workdays")
    await terms.set_term(steps.about(penalty), SERVE, length, begun_on=today, rests_on="decided", used=law.used, tx=tx)
    return await steps.put(penalty, law, tx)


def as_decided(penalty_id: str, meant: Meant, officer: Officer, on: dt.date) -> Decided:
    return Decided(
        warning=meant.intended.warning,
        fine=meant.intended.fine,
        confiscated=meant.intended.confiscated,
        revoked=meant.intended.revoked,
        suspended=licence_documents.Suspended.of(meant.intended.suspended),
        licence=licence_documents.NamedLicence.of(meant.licence),
        text=encrypted_text(penalty_id, meant.text),
        amount_reasons=encrypted_text(penalty_id, meant.amount_reasons),
        answer=None if meant.answer is None else encrypted_text(penalty_id, meant.answer),
        order=None if meant.order is None else encrypted_text(penalty_id, meant.order),
        letter=_letter(penalty_id, meant.letter),
        by=officer.id,
        on=on,
    )


def _letter(penalty_id: str, letter: Letter) -> DecisionLetter | None:
    """None for a decision on the spot, whose form has other fields (行政处罚法 art. 52)."""
    said = {name: None if text is None else encrypted_text(penalty_id, text) for name, text in asdict(letter).items()}
    return DecisionLetter.model_validate(said) if letter.party is not None else None


async def _check_order_stands(penalty: Penalty, tx: Transaction) -> None:
    """Raise Conflict for a decision that follows from an order which was withdrawn since: nothing was breached then."""
    order = None if penalty.origin != "directive" else await Directive.of(penalty.origin_id or "", tx)
    if order is not None and order.state == "withdrawn":
        raise Conflict(
            "order-withdrawn", "所依据的责令改正已撤销", "the order that the penalty follows from was withdrawn"
        )


def check_ordered(penalty: Penalty, meant: Meant) -> None:
    """Raise Conflict where nothing is ordered of an act that goes on (行政处罚法 art. 28)."""
    rules.check_ordered(
        meant.order,
        goes_on=penalty.what.ended_on is None and penalty.person is None,
        ordered=penalty.origin == "directive",
    )


async def close(
    penalty: Penalty, how: Closing, text: str, leniency: Leniency | None, officer: Officer, tx: Transaction
) -> Penalty:
    """End a penalty without one (行政处罚法 art. 33, 57), as another officer. An act that is left unpunished is never punished;
    one that was not established, or was handed over, may come up again. A hearing that was asked for is not held any more: it is
    due on a penalty that is intended (art. 63), and what may be a crime is handed over without delay (art. 27)."""
    rules.check_officer(officer.id, steps.investigators(penalty))
    if (leniency is None) is (how == "leave"):
        raise RuleBroken("leniency", "不予处罚的须写明法定情形", "what is left unpunished says by which rule")
    if leniency is not None:
        person_rules.check_reasons([leniency], person=penalty.person is not None)
        others = await tx.find(Penalty, {"enterprise": penalty.enterprise})
        like = [
            one
            for one in others
            if one.what.violation == penalty.what.violation
            and rules.counts_as_earlier(one.state, one.leniency)
            and one.whose == penalty.whose
            and one.id != penalty.id
        ]
        rules.check_leniency(leniency, len(like))
    await check_silent(penalty, [text], tx)
    rules.STATES.next(penalty.state, how)
    call_off(penalty, tx)
    steps.move(penalty, how)
    penalty.leniency, penalty.ending = leniency, encrypted_text(penalty.id, text)
    if how != "leave":
        await PunishedAct.give_up(penalty.act, penalty.id, tx)
    await terms.meet("penalty", penalty.id, DECIDE, steps.today(), tx)
    await steps.over(penalty, tx)
    if penalty.notice is not None and (outcome := OUTCOMES.get(how)) is not None:
        steps.tell(penalty, events.closed(penalty, outcome), tx)
    return await penalty.put(tx)


async def serve(penalty: Penalty, on: dt.date, by: str, tx: Transaction) -> Penalty:
    """Record that the decision was served: the time to pay and to contest it begins."""
    decided = steps.decided(penalty)
    law = parameters.on(on, place=penalty.district)
    if not decided.on <= on <= steps.today():
        raise RuleBroken("served-day", "送达日期有误", "the day is before the decision or after today")
    steps.move(penalty, "serve" if decided.fine or decided.confiscated else "serve_warning")
    found = remedies(on, law)
    penalty.served_on, penalty.served_by = on, by
    penalty.review_by, penalty.sue_by = found.review_by, found.sue_by
    if penalty.state == "served":
        penalty.percent = law.number("penalty.surcharge_percent")
        by_day = add_days(on, law.days("penalty.pay_days")).due
        penalty.parts = [Part(amount=decided.fine, on=by_day)] if decided.fine else []
        penalty.confiscation = Part(amount=decided.confiscated, on=by_day) if decided.confiscated else None
        schedule(penalty, tx)
    await terms.meet("penalty", penalty.id, SERVE, on, tx)
    steps.tell(penalty, events.decided(penalty), tx)
    return await steps.put(penalty, law, tx)


async def check_punishes(penalty_id: str, case: Case, tx: Transaction) -> None:
    """Raise Conflict unless a penalty was decided on a case, on the enterprise that it is about, and stands: a case ends with one
    alone (行政处罚法 art. 4, 38)."""
    penalty = await Penalty.of(penalty_id, tx)
    if (
        penalty is None
        or penalty.person is not None
        or penalty.case_id != case.id
        or case.platform not in (None, penalty.enterprise)
        or penalty.state not in rules.PUNISHED
    ):
        raise Conflict(
            "no-penalty-decided",
            "该投诉没有依法作出的行政处罚决定",
            "no penalty was decided on this case by the procedure",
        )
