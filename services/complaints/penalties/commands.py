"""Take a penalty from its filing to its end, each step in the transaction of what it changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from services.complaints.cases.confidence import check_says_nothing_of_reporter
from services.complaints.cases.documents import Case
from services.complaints.directives.commands import names_in
from services.complaints.directives.rules import Violation, check_silence
from services.complaints.investigations.rules import Inspector, check_inspectors
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Matter
from services.complaints.parties.documents import Engagement
from services.complaints.penalties import events, ground_rules, payment_rules, rules
from services.complaints.penalties.documents import (
    Act,
    Asked,
    Charge,
    Contest,
    ContestKind,
    Decided,
    Discussion,
    Hearing,
    Investigated,
    Notice,
    Part,
    Payment,
    Penalty,
    Publicity,
    PunishedAct,
    Reminder,
    Review,
    Said,
    Statement,
    encrypted_text,
)
from services.complaints.penalties.ground_rules import Allowed, Ground
from services.complaints.penalties.rules import Intended, Leniency, Mitigation, Move, OriginKind
from services.complaints.terms import commands as terms
from services.complaints.terms.commands import About
from services.complaints.terms.remedies import remedies
from services.complaints.terms.rules import Length
from shared import clock
from shared.contracts.complaints import Category
from shared.contracts.platform import Relation
from shared.errors import Conflict, RuleBroken
from shared.ids import readable_number
from shared.policy.calendar import add_days, end_of_day, shanghai_date
from shared.policy.parameters import Law, parameters
from shared.storage.kinds import TimerKind
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction

DUE = TimerKind("complaints.penalty_due")
"""The timer at the last day of a part of a fine."""

DECIDE: Final = "decide_penalty"
SERVE: Final = "serve_penalty"
ENFORCE: Final = "enforce_penalty"

MOST_STATEMENTS: Final = 20
"""Statements that an enterprise makes in one procedure."""

Closing = Literal["leave", "drop", "refer"]
"""How a penalty ends without one: not punished, not established, handed over to the police."""
OUTCOMES: Final[dict[Closing, events.Outcome]] = {"leave": "unpunished", "drop": "dropped"}
"""What the enterprise hears of it; it does not hear that it was handed over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a penalty arises from, checked to be within the officer's reach. `found_on`: when the office learned of it;
    `breached`: an order to put right was not met."""

    kind: OriginKind
    id: str | None
    root: str
    case: Case | None
    circle: Category | None
    found_on: dt.date
    breached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What is filed: the act, the grounds, the footing of those who are harmed. `another_act`: why it is another act than one
    that looks alike."""

    enterprise: str
    district: str
    violation: Violation
    began_on: dt.date
    ended_on: dt.date | None
    harmed: bool
    grounds: Sequence[Ground]
    relation: Relation
    another_act: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What is told or decided: the penalty, the text of the letter, and why the amount is what it is."""

    intended: Intended
    text: str
    amount_reasons: str
    mitigation: Sequence[Mitigation] = ()


async def file(penalty_id: str, asked: Filed, origin: Origin, officer: Officer, tx: Transaction) -> Penalty:
    """Open the procedure (立案); of two on one act the second is refused."""
    today = _today()
    law = parameters.on(today, place=asked.district)
    rules.check_act(asked.began_on, asked.ended_on, today)
    rules.check_punishable(asked.ended_on, origin.found_on, law, harmed=asked.harmed)
    relation = await _relation(asked, origin.case, tx)
    ground_rules.check_grounds(asked.grounds, asked.violation, relation, breached=origin.breached)
    act = f"{asked.enterprise}:{asked.violation}:{origin.root}"
    if asked.another_act is None and (alike := await _alike(act, asked, origin.root, tx)):
        raise Conflict(
            "may-be-one-act",
            f"与{alike}时间重合，可能是同一违法行为，不得重复罚款；确属不同行为的请说明理由",
            "another penalty is about the same days and may be about the same act: say why this is another",
        )
    try:
        await PunishedAct.take(act, penalty_id, tx)
    except AlreadyTaken:
        raise Conflict(
            "one-act", "对同一违法行为不得给予两次以上罚款", "a penalty for this act is under way or was decided"
        ) from None
    number = readable_number("德罚", penalty_id, today)
    length = Length(law.days("penalty.decide_days"), "days")
    about = About(
        kind="penalty",
        id=penalty_id,
        number=number,
        department=officer.department,
        district=asked.district,
        officer=officer.id,
    )
    term = await terms.set_term(about, DECIDE, length, begun_on=today, rests_on="filed", used=law.used, tx=tx)
    penalty = Penalty(
        id=penalty_id,
        number=number,
        origin=origin.kind,
        origin_id=origin.id,
        root=origin.root,
        case_id=None if origin.case is None else origin.case.id,
        act=act,
        what=Act(
            violation=asked.violation,
            began_on=asked.began_on,
            ended_on=asked.ended_on,
            found_on=origin.found_on,
            harmed=asked.harmed,
        ),
        grounds=list(asked.grounds),
        enterprise=asked.enterprise,
        department=officer.department,
        district=asked.district,
        circle=origin.circle,
        away=[] if origin.case is None else origin.case.away,
        another_act=None if asked.another_act is None else encrypted_text(penalty_id, asked.another_act),
        filed_by=officer.id,
        filed_on=today,
        decide_by=term.due,
        used=list(law.used),
    )
    return await penalty.put(tx)


async def conclude(
    penalty: Penalty,
    facts: str,
    charges: Sequence[Charge],
    inspectors: Sequence[str],
    officer: Officer,
    *,
    grave: bool,
    tx: Transaction,
) -> Penalty:
    """Conclude the investigation, which at least two inspectors made (行政处罚法 art. 42), the officer one of them."""
    law = _law(penalty)
    if {one.ground for one in charges} != set(penalty.grounds) or officer.id not in inspectors:
        raise RuleBroken(
            "charges", "应按立案的依据逐项填写，且由调查人员提交", "each ground is charged, by one of who investigated"
        )
    found = [await _registered(subject, tx) for subject in dict.fromkeys(inspectors)]
    check_inspectors([Inspector(one.person, one.certificate) for one in found], matter_of(penalty), law, penalty.away)
    for charge in charges:
        ground_rules.allowed(charge.value, law)
    _move(penalty, "conclude")
    penalty.found = Investigated(
        facts=encrypted_text(penalty.id, facts),
        charges=list(charges),
        grave=grave,
        by=officer.id,
        officers=[one.id for one in found],
    )
    return await penalty.put(tx)


async def ask_extension(penalty: Penalty, days: int, reason: str, officer: Officer, tx: Transaction) -> Penalty:
    """Propose a longer term to decide; another officer approves it."""
    rules.STATES.next(penalty.state, "extend")
    most = _law(penalty).days("penalty.extension_days")
    if days > most:
        raise RuleBroken("extension-range", f"延长不得超过{most}日", f"at most {most} days")
    penalty.extension = Asked(text=encrypted_text(penalty.id, reason), by=officer.id, days=days)
    return await penalty.put(tx)


async def extend(penalty: Penalty, reason: str, officer: Officer, tx: Transaction) -> Penalty:
    """Approve the longer term, as another officer."""
    asked = penalty.extension
    if asked is None or asked.days is None:
        raise Conflict("nothing-asked", "没有待审批的延期", "no extension waits")
    rules.check_officer(officer.id, [asked.by])
    _move(penalty, "extend")
    law = _law(penalty)
    law.days("penalty.extension_days")
    term = await terms.extend(
        "penalty", penalty.id, DECIDE, asked.days, approved_by=officer.id, on=_today(), reason=reason,
        used=law.used, tx=tx,
    )  # fmt: skip
    penalty.decide_by, penalty.extension = term.due, None
    return await _put(penalty, law, tx)


async def notify(penalty: Penalty, meant: Meant, by: str, tx: Transaction) -> Penalty:
    """Tell the enterprise facts, grounds and the intended penalty, and of its rights (行政处罚法 art. 44). What it once defended
    itself against in another procedure on the act is no heavier in this one."""
    law, today = _law(penalty), _today()
    await _check_silent(penalty, [meant.text, meant.amount_reasons], tx)
    _move(penalty, "notify")
    rules.check_intended(
        meant.intended,
        _range(penalty, law),
        warns=ground_rules.warns(penalty.grounds),
        mitigation=meant.mitigation,
    )
    rules.check_not_harsher(meant.intended, await _defended_before(penalty, tx))
    penalty.notice = Notice(
        text=encrypted_text(penalty.id, meant.text),
        warning=meant.intended.warning,
        fine=meant.intended.fine,
        mitigation=list(meant.mitigation),
        amount_reasons=encrypted_text(penalty.id, meant.amount_reasons),
        given_on=today,
        by=by,
        speak_until=rules.speaks_until(today, law),
        hearing_due=rules.hearing_is_due(meant.intended.fine, law),
    )
    tx.publish(events.notified(penalty, penalty.notice.speak_until, hearing=penalty.notice.hearing_due))
    return await _put(penalty, law, tx)


async def state(penalty: Penalty, text: str, tx: Transaction) -> Penalty:
    """Take what the enterprise states and defends itself with; before the decision it makes no penalty harsher."""
    if penalty.state == "notified":
        rules.check_in_time(_notice(penalty).speak_until, _today())
    _move(penalty, "state")
    _say(penalty, "statement", text)
    tx.publish(events.answered(penalty, "statement"))
    return await penalty.put(tx)


async def waive(penalty: Penalty, tx: Transaction) -> Penalty:
    """Record that the enterprise will not state or defend any more, nor be heard (行政处罚法 art. 62)."""
    _move(penalty, "waive")
    penalty.waived_on = _today()
    return await penalty.put(tx)


async def ask_hearing(penalty: Penalty, text: str, tx: Transaction) -> Penalty:
    """Take the enterprise's wish for a hearing, where one is due and in time (行政处罚法 art. 63, 64)."""
    notice = _notice(penalty)
    if not notice.hearing_due:
        raise Conflict("no-hearing-due", "拟作出的处罚不属于应当听证的范围", "no hearing is due on such a penalty")
    rules.check_in_time(notice.speak_until, _today())
    _move(penalty, "ask_hearing")
    penalty.hearing, penalty.waived_on = Hearing(asked_on=_today()), None
    _say(penalty, "hearing", text)
    tx.publish(events.answered(penalty, "hearing"))
    return await penalty.put(tx)


async def set_hearing(penalty: Penalty, on: dt.date, place: str, chair: Officer, tx: Transaction) -> Penalty:
    """Set a hearing, held by who did not investigate, and tell the enterprise in time."""
    law = _law(penalty)
    rules.check_officer(chair.id, _investigators(penalty))
    rules.check_hearing_day(on, _today(), law)
    await _check_silent(penalty, [place], tx)
    _move(penalty, "set_hearing")
    assert penalty.hearing is not None
    told = {"on": on, "place": encrypted_text(penalty.id, place), "chair": chair.id}
    penalty.hearing = penalty.hearing.model_copy(update=told)
    tx.publish(events.hearing_set(penalty, on))
    return await _put(penalty, law, tx)


async def hear(penalty: Penalty, record: str, officer: Officer, *, appeared: bool, tx: Transaction) -> Penalty:
    """Record a hearing that was held, or to which the enterprise did not come."""
    await _check_silent(penalty, [record], tx)
    rules.check_officer(officer.id, _investigators(penalty))
    _move(penalty, "hear")
    hearing = penalty.hearing
    assert hearing is not None
    assert hearing.on is not None
    if _today() < hearing.on:
        raise Conflict("hearing-not-held", "听证日期未到", "the day of the hearing has not come")
    penalty.hearing = hearing.model_copy(
        update={"record": encrypted_text(penalty.id, record), "appeared": appeared, "chair": officer.id}
    )
    penalty.review = None  # it knew nothing of the hearing's record, by which is decided (行政处罚法 art. 58, 65)
    return await penalty.put(tx)


async def review(penalty: Penalty, opinion: str, officer: Officer, *, passed: bool, tx: Transaction) -> Penalty:
    """Record the legal review, made by who did not investigate."""
    rules.check_officer(officer.id, _investigators(penalty))
    _move(penalty, "review")
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
    law, today, notice, found = _law(penalty), _today(), _notice(penalty), _found(penalty)
    rules.check_heard(penalty.state, notice.speak_until, today, waived=penalty.waived_on is not None)
    _move(penalty, "decide")
    reviewer = [] if penalty.review is None else [penalty.review.by]
    chair = [] if penalty.hearing is None or penalty.hearing.chair is None else [penalty.hearing.chair]
    rules.check_officer(officer.id, [*_investigators(penalty), *reviewer, *chair])
    due = found.grave or penalty.hearing is not None
    rules.check_reviewed(None if penalty.review is None else penalty.review.passed, due=due)
    rules.check_discussed([] if discussion is None else discussion[1], grave=found.grave)
    rules.check_not_harsher(meant.intended, notice.intended)
    mitigation = [*notice.mitigation, *meant.mitigation]
    rules.check_intended(
        meant.intended, _range(penalty, law), warns=ground_rules.warns(penalty.grounds), mitigation=mitigation
    )
    await _check_silent(penalty, [meant.text, meant.amount_reasons], tx)
    if discussion is not None:
        on, people, record = discussion
        if not penalty.filed_on <= on <= today:
            raise RuleBroken("discussion-day", "集体讨论日期有误", "the day is before the filing or after today")
        penalty.discussion = Discussion(on=on, people=list(people), record=encrypted_text(penalty.id, record))
    penalty.decided = Decided(
        warning=meant.intended.warning,
        fine=meant.intended.fine,
        text=encrypted_text(penalty.id, meant.text),
        amount_reasons=encrypted_text(penalty.id, meant.amount_reasons),
        by=officer.id,
        on=today,
    )
    await terms.meet("penalty", penalty.id, DECIDE, today, tx)
    length = Length(law.days("penalty.serve_workdays"), "workdays")
    await terms.set_term(_about(penalty), SERVE, length, begun_on=today, rests_on="decided", used=law.used, tx=tx)
    return await _put(penalty, law, tx)


async def close(
    penalty: Penalty, how: Closing, text: str, leniency: Leniency | None, officer: Officer, tx: Transaction
) -> Penalty:
    """End a penalty without one (行政处罚法 art. 33, 57), as another officer. An act that is left unpunished is never punished;
    one that was not established, or was handed over, may come up again."""
    rules.check_officer(officer.id, _investigators(penalty))
    if (leniency is None) is (how == "leave"):
        raise RuleBroken("leniency", "不予处罚的须写明法定情形", "what is left unpunished says by which rule")
    if leniency is not None:
        others = await tx.find(Penalty, {"enterprise": penalty.enterprise})
        like = [one for one in others if one.what.violation == penalty.what.violation and one.state in rules.PUNISHED]
        rules.check_leniency(leniency, len(like))
    await _check_silent(penalty, [text], tx)
    _move(penalty, how)
    penalty.leniency, penalty.ending = leniency, encrypted_text(penalty.id, text)
    if how != "leave":
        await PunishedAct.give_up(penalty.act, penalty.id, tx)
    await terms.meet("penalty", penalty.id, DECIDE, _today(), tx)
    if penalty.notice is not None and (outcome := OUTCOMES.get(how)) is not None:
        tx.publish(events.closed(penalty, outcome))
    return await penalty.put(tx)


async def serve(penalty: Penalty, on: dt.date, by: str, tx: Transaction) -> Penalty:
    """Record that the decision was served: the time to pay and to contest it begins."""
    decided = _decided(penalty)
    law = parameters.on(on, place=penalty.district)
    if not decided.on <= on <= _today():
        raise RuleBroken("served-day", "送达日期有误", "the day is before the decision or after today")
    _move(penalty, "serve" if decided.fine else "serve_warning")
    found = remedies(on, law)
    penalty.served_on, penalty.served_by = on, by
    penalty.review_by, penalty.sue_by = found.review_by, found.sue_by
    if decided.fine:
        penalty.percent = law.number("penalty.surcharge_percent")
        penalty.parts = [Part(amount=decided.fine, on=add_days(on, law.days("penalty.pay_days")).due)]
        _schedule(penalty, tx)
    await terms.meet("penalty", penalty.id, SERVE, on, tx)
    tx.publish(events.decided(penalty))
    return await _put(penalty, law, tx)


async def pay(penalty: Penalty, amount: Decimal, on: dt.date, receipt: str, tx: Transaction) -> Penalty:
    """Take in what the bank received; a receipt counts once, and nothing beyond what is owed."""
    rules.STATES.next(penalty.state, "pay_part")
    assert penalty.served_on is not None
    if not penalty.served_on <= on <= _today():
        raise RuleBroken("paid-day", "缴款日期有误", "the day is before the service or after today")
    if any(one.receipt == receipt for one in penalty.payments):
        raise Conflict("receipt-known", "该缴款凭证已登记", "the receipt is known already")
    if amount > payment_rules.owed(penalty.account, on):
        raise RuleBroken("too-much", "缴款金额超过应缴金额", "more than is owed")
    penalty.payments = sorted(
        [*penalty.payments, Payment(amount=amount, on=on, receipt=receipt)], key=lambda one: one.on
    )
    left = payment_rules.owed(penalty.account, penalty.payments[-1].on)
    _move(penalty, "pay_part" if left > 0 else "pay")
    if left <= 0:
        await _over(penalty, tx)
    else:
        _schedule(penalty, tx)
    tx.publish(events.paid(penalty, amount, on, max(left, payment_rules.ZERO)))
    return await penalty.put(tx)


async def ask_deferral(penalty: Penalty, text: str, tx: Transaction) -> Penalty:
    """Take the enterprise's request to pay later or in parts (行政处罚法 art. 66)."""
    _move(penalty, "ask_deferral")
    penalty.deferral = Asked(text=encrypted_text(penalty.id, text), by="enterprise")
    tx.publish(events.answered(penalty, "deferral"))
    return await penalty.put(tx)


async def decide_deferral(penalty: Penalty, text: str, parts: tuple[int, dt.date] | None, tx: Transaction) -> Penalty:
    """Let what is not paid be paid later or in monthly parts from a first day on (`parts`), or refuse (None). What was added
    already stays; the new parts begin anew."""
    if penalty.deferral is None:
        raise Conflict("nothing-asked", "没有待审批的申请", "no request waits")
    law, today = _law(penalty), _today()
    await _check_silent(penalty, [text], tx)
    _move(penalty, "refuse_deferral" if parts is None else "defer")
    if parts is not None:
        count, first = parts
        if count > law.number("penalty.instalments_most") or first <= today:
            raise RuleBroken(
                "instalments", "分期期数过多或者首期日期有误", "too many parts, or the first one not later"
            )
        account = penalty.account
        settled = min(account.paid, account.fine)
        if settled == account.fine:
            raise Conflict("nothing-left", "罚款已缴清", "the fine itself is paid")
        penalty.added = payment_rules.surcharge(account, today)
        plan = payment_rules.instalments(account.fine - settled, count, first)
        before = [Part(amount=settled, on=today)] if settled else []
        penalty.parts = [*before, *(Part(amount=part.amount, on=part.on) for part in plan)]
        penalty.reminder = None
        await terms.end("penalty", penalty.id, tx)
        _schedule(penalty, tx)
    penalty.deferral, penalty.deferral_answer = None, encrypted_text(penalty.id, text)
    tx.publish(events.deferred(penalty, granted=parts is not None, parts=0 if parts is None else parts[0]))
    return await _put(penalty, law, tx)


async def remind(penalty: Penalty, by: str, tx: Transaction) -> Penalty:
    """Remind the enterprise to pay what is overdue (行政强制法 art. 35, 54)."""
    law, today = _law(penalty), _today()
    if not payment_rules.behind(penalty.account, today):
        raise Conflict("not-overdue", "罚款尚未逾期", "nothing is overdue")
    _move(penalty, "remind")
    owed = payment_rules.owed(penalty.account, today)
    penalty.reminder = Reminder(on=today, by=by, owed=owed)
    tx.publish(events.reminded(penalty, owed, rules.reminded_until(today, law)))
    return await _put(penalty, law, tx)


async def go_to_court(penalty: Penalty, tx: Transaction) -> Penalty:
    """Record that a court was applied to for compulsory execution (行政强制法 art. 53, 54)."""
    law, today = _law(penalty), _today()
    rules.STATES.next(penalty.state, "go_to_court")
    assert penalty.reminder is not None
    rules.check_court(penalty.remedies_over_on, penalty.reminder.on, today, law, contested=penalty.contested)
    _move(penalty, "go_to_court")
    await terms.meet("penalty", penalty.id, ENFORCE, today, tx)
    tx.publish(events.taken_to_court(penalty, payment_rules.owed(penalty.account, today)))
    return await _put(penalty, law, tx)


async def end(penalty: Penalty, text: str, tx: Transaction) -> Penalty:
    """Record that the execution has ended without full payment (行政强制法 art. 40)."""
    await _check_silent(penalty, [text], tx)
    _move(penalty, "end")
    penalty.ending = encrypted_text(penalty.id, text)
    await _over(penalty, tx)
    tx.publish(events.closed(penalty, "ended"))
    return await penalty.put(tx)


async def contest(penalty: Penalty, kind: ContestKind, on: dt.date, tx: Transaction) -> Penalty:
    """Record that the enterprise asked for a review or sued: nothing is added while that goes on (行政处罚法 art. 73)."""
    if penalty.contested:
        raise Conflict("contested-already", "已有未结的复议或者诉讼", "a review or suit goes on")
    if penalty.served_on is None or not penalty.served_on <= on <= _today():
        raise RuleBroken("contest-day", "申请日期有误", "the day is before the service or after today")
    _move(penalty, "contest")
    penalty.contests = [*penalty.contests, Contest(kind=kind, first=on)]
    await terms.end("penalty", penalty.id, tx)
    await _settle(penalty, tx)
    return await penalty.put(tx)


async def end_contest(
    penalty: Penalty, on: dt.date, fine: Decimal | None, text: str, *, annulled: bool, tx: Transaction
) -> Penalty:
    """Record how a review or suit ended: upheld, changed to a lower `fine`, or annulled."""
    open_ = next((one for one in penalty.contests if one.last is None), None)
    if open_ is None:
        raise Conflict("not-contested", "没有未结的复议或者诉讼", "no review or suit goes on")
    if not open_.first <= on <= _today():
        raise RuleBroken("contest-day", "日期有误", "the day is before it began or after today")
    law = _law(penalty)
    sue_by = add_days(on, law.days("admin_suit.after_review_days")).due if open_.kind == "review" else None
    ended = open_.model_copy(update={"last": on, "sue_by": sue_by})
    penalty.contests = [ended if one is open_ else one for one in penalty.contests]
    penalty.used += [one for one in law.used if one not in penalty.used]
    if annulled:
        return await annul(penalty, text, None, tx)
    if fine is None:
        _move(penalty, "uphold")
    else:
        await _change(penalty, fine, text, tx)
    if penalty.state in rules.OWED and payment_rules.behind(penalty.account, _today()):
        await _set_court_term(penalty, law, tx)
    return await _put(penalty, law, tx)


async def annul(penalty: Penalty, text: str, officer: Officer | None, tx: Transaction) -> Penalty:
    """Annul a decision that should not be: by review or court (`officer` None), or as another officer than who decided. The act
    may be decided on again, though not more harshly than what was defended against."""
    if officer is not None:
        rules.check_officer(officer.id, [_decided(penalty).by])
    await _check_silent(penalty, [text], tx)
    _move(penalty, "annul")
    penalty.ending = encrypted_text(penalty.id, text)
    await PunishedAct.give_up(penalty.act, penalty.id, tx)
    await _over(penalty, tx)
    await _withdraw(penalty, text, tx)
    tx.publish(events.closed(penalty, "annulled"))
    return await penalty.put(tx)


async def publish(penalty: Penalty, text: str, officer: Officer, tx: Transaction) -> Penalty:
    """Publish a decision of some public influence (行政处罚法 art. 48), as another officer than who investigated. What is
    published names nobody who reported or was harmed."""
    if penalty.served_on is None or penalty.state not in rules.PUNISHED:
        raise Conflict("not-served", "处罚决定尚未送达或者已撤销", "the decision is not served, or does not stand")
    if penalty.publicity is not None:
        raise Conflict("published-already", "该处罚决定已公开", "the decision was published")
    rules.check_officer(officer.id, _investigators(penalty))
    await _check_silent(penalty, [text], tx)
    await _check_public(penalty, text, tx)
    today = _today()
    penalty.public, penalty.publicity = (
        True,
        Publicity(text=encrypted_text(penalty.id, text), by=officer.id, published_on=today),
    )
    tx.publish(events.published(penalty, today))
    return await penalty.put(tx)


async def lapse(penalty_id: str, tx: Transaction) -> None:
    """Let the last day of a part of a fine pass: it is told once, and the time to apply to a court is set."""
    penalty = await Penalty.of(penalty_id, tx)
    if penalty is None or penalty.state not in rules.OWED:
        return
    today, account = _today(), penalty.account
    late = [part for part in payment_rules.overdue(account, today) if part.on not in penalty.told_overdue]
    for part in late:
        penalty.told_overdue = [*penalty.told_overdue, part.on]
        tx.publish(events.overdue(penalty, part.on, payment_rules.owed(account, today)))
    if late and not penalty.contested:
        await _set_court_term(penalty, _law(penalty), tx)
    _schedule(penalty, tx)
    await penalty.put(tx)


async def check_punishes(penalty_id: str, case: Case, tx: Transaction) -> None:
    """Raise Conflict unless a penalty was decided on a case, and stands: a case ends with one alone (行政处罚法 art. 4, 38)."""
    penalty = await Penalty.of(penalty_id, tx)
    if penalty is None or penalty.case_id != case.id or penalty.state not in rules.PUNISHED:
        raise Conflict(
            "no-penalty-decided",
            "该投诉没有依法作出的行政处罚决定",
            "no penalty was decided on this case by the procedure",
        )


def matter_of(penalty: Penalty) -> Matter:
    return Matter(
        departments=[penalty.department],
        district=penalty.district,
        enterprise=penalty.enterprise,
        circle=penalty.circle,
    )


async def _relation(asked: Filed, case: Case | None, tx: Transaction) -> Relation:
    """The footing of the person harmed on the days of the act, as far as the registry told it, or else the officer's word."""
    if case is None or case.worker_id is None:
        return asked.relation
    last = asked.ended_on or _today()
    held = {
        relation
        for one in await Engagement.between(case.worker_id, asked.enterprise, tx)
        for since, until, relation in one.stretches
        if since <= last and (until is None or asked.began_on <= until)
    }
    return asked.relation if not held or "employment" in held else held.pop()


async def _alike(act: str, asked: Filed, root: str, tx: Transaction) -> str | None:
    """The number of another penalty on the same enterprise and days, that may be on the same act under another name: by its
    violation, a ground, or what both arose from."""
    found = [
        one.number
        for one in await tx.find(Penalty, {"enterprise": asked.enterprise})
        if one.act != act
        and one.state not in ("dropped", "referred", "annulled")
        and (one.what.violation == asked.violation or one.root == root or {*one.grounds} & {*asked.grounds})
        and one.what.began_on <= (asked.ended_on or dt.date.max)
        and asked.began_on <= (one.what.ended_on or dt.date.max)
    ]
    return found[-1] if found else None


async def _defended_before(penalty: Penalty, tx: Transaction) -> Intended | None:
    """The lightest penalty that the enterprise was told of, and spoke to, in earlier procedures on the act."""
    told = [
        one.notice.intended
        for one in await tx.find(Penalty, {"enterprise": penalty.enterprise})
        if one.act == penalty.act and one.id != penalty.id and one.spoken and one.notice is not None
    ]
    return min(told, key=lambda one: (one.fine, one.warning), default=None)


async def _check_silent(penalty: Penalty, texts: Sequence[str], tx: Transaction) -> None:
    case = None if penalty.case_id is None else await Case.of(penalty.case_id, tx)
    if case is not None:
        for text in texts:
            check_says_nothing_of_reporter(case, text)


async def _check_public(penalty: Penalty, text: str, tx: Transaction) -> None:
    """Raise Conflict where what everybody reads names who reported or was harmed (行政处罚法 art. 50)."""
    case = None if penalty.case_id is None else await Case.of(penalty.case_id, tx)
    if case is not None:
        check_silence([text], names_in(case))


async def _change(penalty: Penalty, fine: Decimal, text: str, tx: Transaction) -> None:
    decided = _decided(penalty)
    if not 0 < fine < decided.fine:
        raise RuleBroken("changed-fine", "变更后的罚款应低于原罚款", "a changed fine is lower than before")
    await _check_silent(penalty, [text], tx)
    _move(penalty, "change")
    penalty.decided = decided.model_copy(update={"fine": fine})
    penalty.parts = [
        Part(amount=part.amount, on=part.on) for part in payment_rules.reduced(penalty.account.parts, fine)
    ]
    penalty.ending = encrypted_text(penalty.id, text)
    await _withdraw(penalty, text, tx)
    tx.publish(events.closed(penalty, "changed"))
    await _settle(penalty, tx)


async def _settle(penalty: Penalty, tx: Transaction) -> None:
    """Let a fine be paid of which nothing is owed any more, though no payment comes in."""
    if penalty.state in rules.OWED and payment_rules.owed(penalty.account, _today()) <= 0:
        _move(penalty, "pay")
        await _over(penalty, tx)


async def _set_court_term(penalty: Penalty, law: Law, tx: Transaction) -> None:
    """Set the time to apply to a court, unless it runs: it begins once nobody may contest the decision (行政强制法 art. 53)."""
    if await terms.open_term("penalty", penalty.id, ENFORCE, tx) is not None:
        return
    length = Length(law.number("penalty.court_months"), "months")
    await terms.set_term(
        _about(penalty), ENFORCE, length, begun_on=penalty.remedies_over_on, rests_on="remedies_over",
        used=law.used, tx=tx,
    )  # fmt: skip


async def _withdraw(penalty: Penalty, text: str, tx: Transaction) -> None:
    """Take back what was published, in the moment that it no longer holds, and say why (行政处罚法 art. 48: within three days)."""
    if penalty.publicity is not None and penalty.publicity.withdrawn_on is None:
        await _check_public(penalty, text, tx)
        today = _today()
        update = {"withdrawn_on": today, "withdrawn_for": encrypted_text(penalty.id, text)}
        penalty.publicity = penalty.publicity.model_copy(update=update)
        tx.publish(events.withdrawn(penalty, today))


async def _over(penalty: Penalty, tx: Transaction) -> None:
    tx.cancel(DUE, penalty.id)
    await terms.end("penalty", penalty.id, tx)


def _schedule(penalty: Penalty, tx: Transaction) -> None:
    """Set the timer at the next last day of a part that is not paid."""
    untold = [
        part.on for part in payment_rules.overdue(penalty.account, _today()) if part.on not in penalty.told_overdue
    ]
    next_ = min(untold, default=None) or payment_rules.next_due(penalty.account, _today())
    if next_ is None:
        tx.cancel(DUE, penalty.id)
    else:
        tx.schedule(DUE, penalty.id, end_of_day(next_))


def _about(penalty: Penalty) -> About:
    return About(
        kind="penalty", id=penalty.id, number=penalty.number, department=penalty.department,
        district=penalty.district, officer=penalty.filed_by,
    )  # fmt: skip


def _range(penalty: Penalty, law: Law) -> Allowed:
    """The range of the fine, by the law at the end of the act and today's."""
    then = parameters.on(penalty.what.ended_on or _today(), place=penalty.district)
    found = ground_rules.heaviest([one.value for one in _found(penalty).charges], then, law)
    penalty.used += [one for one in then.used if one not in penalty.used]
    return found


def _investigators(penalty: Penalty) -> Collection[str]:
    found = [] if penalty.found is None else [penalty.found.by, *penalty.found.officers]
    return {penalty.filed_by, *found}


def _say(penalty: Penalty, what: Said, text: str) -> None:
    if what == "statement" and sum(one.what == "statement" for one in penalty.statements) >= MOST_STATEMENTS:
        raise Conflict("statements-full", "陈述申辩次数已达上限", "there are too many statements")
    said = Statement(what=what, text=encrypted_text(penalty.id, text), on=_today())
    penalty.statements, penalty.spoken = [*penalty.statements, said], True


def _notice(penalty: Penalty) -> Notice:
    if penalty.notice is None:
        raise Conflict("not-notified", "尚未告知当事人", "the enterprise was not told yet")
    return penalty.notice


def _found(penalty: Penalty) -> Investigated:
    if penalty.found is None:
        raise Conflict("not-investigated", "尚未调查终结", "the investigation is not concluded")
    return penalty.found


def _decided(penalty: Penalty) -> Decided:
    if penalty.decided is None:
        raise Conflict("not-decided", "尚未作出处罚决定", "nothing is decided")
    return penalty.decided


async def _registered(subject: str, tx: Transaction) -> Officer:
    officer = await Officer.of(subject, tx)
    if officer is None:
        raise RuleBroken("no-such-officer", "调查人员不在名册中", "an officer is not on the register")
    return officer


async def _put(penalty: Penalty, law: Law, tx: Transaction) -> Penalty:
    penalty.used += [one for one in law.used if one not in penalty.used]
    return await penalty.put(tx)


def _move(penalty: Penalty, move: Move) -> None:
    penalty.state = rules.STATES.next(penalty.state, move)


def _law(penalty: Penalty) -> Law:
    return parameters.on(_today(), place=penalty.district)


def _today() -> dt.date:
    return shanghai_date(clock.now())
