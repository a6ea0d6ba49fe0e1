"""Take in a fine: payments, deferral and instalments, and what follows where it is not paid."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from services.complaints.officers.documents import Officer
from services.complaints.penalties import debt_rules, events, rules, steps
from services.complaints.penalties.confidence import check_silent
from services.complaints.penalties.debt_rules import Due
from services.complaints.penalties.documents import PaymentReceipt, Penalty, encrypted_text
from services.complaints.penalties.payment_documents import Asked, Collected, Part, Payment, Replaced
from services.complaints.penalties.rules import Move, Toward, Why
from services.complaints.penalty_payments.rules import Place, check_collection
from services.complaints.terms import commands as terms
from services.complaints.terms.rules import Length
from shared import faults
from shared.errors import Conflict, RuleBroken
from shared.policy.calendar import end_of_day
from shared.policy.parameters import Law
from shared.storage.kinds import TimerKind
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction

DUE = TimerKind("complaints.penalty_due")
"""The timer at the last day of a part of a fine."""

ENFORCE: Final = "enforce_penalty"
HAND_IN: Final = "hand_in_fine"
BANK: Final = "bank_fine"
REFUND: Final = "refund_fine"
KEPT: Final = (HAND_IN, BANK, REFUND)
"""Terms that go on when a fine is paid: of the money that officers hold, or owe."""


async def pay(
    penalty: Penalty, amount: Decimal, on: dt.date, receipt: str, by: str, tx: Transaction, *, toward: Toward = "fine"
) -> Penalty:
    """Take in what the bank received, whether it is owed or not; a receipt counts once, for one penalty.

    A number is given once by one bank on one day: that one counts for no other enterprise either. What comes in beyond what is owed of
    what it is for, or on a decision that was annulled, is to be paid back (行政处罚法 art. 74).
    """
    rules.STATES.next(penalty.state, "pay_part")
    if penalty.served_on is None:
        raise Conflict("not-served", "处罚决定尚未送达", "the decision was never served")
    if not penalty.served_on <= on <= steps.today():
        raise RuleBroken("paid-day", "缴款日期有误", "the day is before the service or after today")
    others = await tx.find(Penalty, {"enterprise": penalty.enterprise})
    if any(one.receipt == receipt for known in (penalty, *others) for one in known.payments):
        raise _receipt_known()
    try:
        await PaymentReceipt.take(f"{on}:{receipt}", penalty.id, tx)
    except AlreadyTaken:
        raise _receipt_known() from None
    paid = Payment(amount=amount, on=on, receipt=receipt, toward=toward, recorded_on=steps.today(), recorded_by=by)
    penalty.payments = sorted([*penalty.payments, paid], key=lambda one: one.on)
    add_again(penalty)
    left = debt_rules.total(penalty.account, penalty.payments[-1].on)
    settled = left <= 0 and penalty.state in {*rules.OWED, "ended"}
    steps.move(penalty, "pay" if settled else "pay_part")
    if settled:
        await over(penalty, tx)
    elif penalty.state in rules.OWED:
        schedule(penalty, tx)
    await watch(penalty, steps.today(), tx, rests_on="paid")
    back = steps.left_to_refund(penalty)
    steps.tell(penalty, events.paid(penalty, amount, on, left, refund=back, toward=toward), tx)
    faults.reach("penalty.paid")
    return await penalty.put(tx)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A fine that officers took in: why they might, of how much, when, against which receipt, and whether the party asked."""

    why: Why
    amount: Decimal
    on: dt.date
    receipt: str
    asked: bool


async def collect(penalty: Penalty, taken: Taken, officer: Officer, tx: Transaction) -> Penalty:
    """Record that officers collected a fine themselves against the receipt of the finance department (行政处罚法 art. 68-70); they
    hand it in within its term (art. 71)."""
    rules.STATES.next(penalty.state, "pay_part")
    law, decided = steps.law_of(penalty), steps.decided(penalty)
    check_collection(
        taken.why,
        taken.amount,
        decided.fine,
        debt_rules.owed(penalty.account, taken.on),
        law,
        on_spot=penalty.on_spot is not None,
        same_day=penalty.served_on == taken.on == decided.on,
        asked=taken.asked,
    )
    await pay(penalty, taken.amount, taken.on, taken.receipt, officer.id, tx)
    penalty.collected = Collected(why=taken.why, amount=taken.amount, on=taken.on, by=officer.id, receipt=taken.receipt)
    length = Length(law.days("penalty.hand_in_workdays"), "workdays")
    await terms.set_term(
        steps.about(penalty), HAND_IN, length, begun_on=taken.on, rests_on="collected", used=law.used, tx=tx
    )
    return await steps.put(penalty, law, tx)


async def hand_in(penalty: Penalty, to: Place, on: dt.date, tx: Transaction) -> Penalty:
    """Record that a collected fine reached the office, which pays it to the bank within its term (行政处罚法 art. 71), or the bank."""
    law, collected = steps.law_of(penalty), penalty.collected
    if collected is None or (collected.handed_in_on if to == "office" else collected.banked_on) is not None:
        raise Conflict("nothing-collected", "没有待上交的当场收缴罚款", "no collected fine waits to be handed in")
    if to == "bank" and collected.handed_in_on is None:
        raise Conflict("not-handed-in", "当场收缴的罚款应先交至行政机关", "the officers hand it in to the office first")
    if not (collected.handed_in_on or collected.on) <= on <= steps.today():
        raise RuleBroken("handed-in-day", "上交日期有误", "the day is before what precedes it, or after today")
    if to == "bank":
        await terms.meet("penalty", penalty.id, BANK, on, tx)
        penalty.collected = collected.model_copy(update={"banked_on": on})
        return await penalty.put(tx)
    await terms.meet("penalty", penalty.id, HAND_IN, on, tx)
    length = Length(law.days("penalty.bank_workdays"), "workdays")
    await terms.set_term(steps.about(penalty), BANK, length, begun_on=on, rests_on="handed_in", used=law.used, tx=tx)
    penalty.collected = collected.model_copy(update={"handed_in_on": on})
    return await steps.put(penalty, law, tx)


async def ask_deferral(penalty: Penalty, text: str, tx: Transaction) -> Penalty:
    """Take the enterprise's request to pay later or in parts (行政处罚法 art. 66)."""
    steps.move(penalty, "ask_deferral")
    penalty.deferral = Asked(text=encrypted_text(penalty.id, text), by="enterprise")
    steps.tell(penalty, events.answered(penalty, "deferral"), tx)
    return await penalty.put(tx)


async def decide_deferral(penalty: Penalty, text: str, parts: tuple[int, dt.date] | None, tx: Transaction) -> Penalty:
    """Let what is not paid be paid later or in monthly parts from a first day on (`parts`), or refuse (None). What was added
    already stays; the new parts begin anew."""
    if penalty.deferral is None:
        raise Conflict("nothing-asked", "没有待审批的申请", "no request waits")
    law, today = steps.law_of(penalty), steps.today()
    await check_silent(penalty, [text], tx)
    steps.move(penalty, "refuse_deferral" if parts is None else "defer")
    if parts is not None:
        count, first = parts
        if count > law.number("penalty.instalments_most") or first <= today:
            raise RuleBroken(
                "instalments", "分期期数过多或者首期日期有误", "too many parts, or the first one not later"
            )
        if penalty.agreed:
            raise Conflict("agreed-already", "已达成执行协议", "an agreement on how it is carried out goes on")
        account = penalty.account
        if min(account.paid, account.fine) == account.fine:
            raise Conflict("nothing-left", "罚款已缴清", "the fine itself is paid")
        plan_anew(penalty, parts, today)
        penalty.reminder = None
        await terms.end("penalty", penalty.id, tx, but=KEPT)
        schedule(penalty, tx)
    penalty.deferral, penalty.deferral_answer = None, encrypted_text(penalty.id, text)
    steps.tell(penalty, events.deferred(penalty, granted=parts is not None, parts=0 if parts is None else parts[0]), tx)
    return await steps.put(penalty, law, tx)


def plan_anew(penalty: Penalty, plan: tuple[int, dt.date], on: dt.date, relief: Decimal = debt_rules.ZERO) -> None:
    """Put monthly parts, so many from a first day on, in the place of what is not paid of a fine. What was added by `on` stays, less
    the `relief`."""
    account = penalty.account
    settled = min(account.paid, account.fine)
    left = account.fine - settled
    before = [Part(amount=settled, on=on)] if settled else []
    parts = debt_rules.instalments(left, *plan) if left else []
    penalty.added = max(debt_rules.surcharge(account, on) - relief, debt_rules.ZERO)
    penalty.replaced = [*penalty.replaced, Replaced(parts=penalty.parts, on=on, relief=relief)]
    penalty.parts = [*before, *(Part(amount=part.amount, on=part.on) for part in parts)]


def schedule(penalty: Penalty, tx: Transaction) -> None:
    """Set the timer at the next last day of a part that is not paid."""
    untold = [
        part.on for part in debt_rules.overdue(penalty.account, steps.today()) if part.on not in penalty.told_overdue
    ]
    next_ = min(untold, default=None) or debt_rules.next_due(penalty.account, steps.today())
    if next_ is None:
        tx.cancel(DUE, penalty.id)
    else:
        tx.schedule(DUE, penalty.id, end_of_day(next_))


def add_again(penalty: Penalty) -> None:
    """Reckon again what had been added when the parts of a fine were made anew: a payment from before that is known only now."""
    if penalty.replaced:
        replaced = [([Due(part.amount, part.on) for part in one.parts], one.on) for one in penalty.replaced]
        relief = [one.relief for one in penalty.replaced]
        penalty.added = debt_rules.added_before(penalty.account, replaced, relief)


def _receipt_known() -> Conflict:
    return Conflict("receipt-known", "该缴款凭证已登记", "the receipt is known already")


async def set_court_term(penalty: Penalty, law: Law, tx: Transaction) -> None:
    """Set the time to apply to a court, unless it runs: it begins once nobody may contest the decision (行政强制法 art. 53)."""
    if await terms.open_term("penalty", penalty.id, ENFORCE, tx) is not None:
        return
    length = Length(law.number("penalty.court_months"), "months")
    await terms.set_term(
        steps.about(penalty), ENFORCE, length, begun_on=penalty.remedies_over_on, rests_on="remedies_over",
        used=law.used, tx=tx,
    )  # fmt: skip


async def over(penalty: Penalty, tx: Transaction) -> None:
    """Stop what waits for a payment; what officers collected is still handed in."""
    tx.cancel(DUE, penalty.id)
    await terms.end("penalty", penalty.id, tx, but=KEPT)


async def owe_again(penalty: Penalty, law: Law, tx: Transaction) -> None:
    """Let a fine be owed again that counted as paid, as far along to a court as it was, and have its days watched."""
    today = steps.today()
    if penalty.state == "fulfilled" and debt_rules.total(penalty.account, today) > 0:
        steps.move(penalty, await _way_back(penalty, tx))
    if penalty.state not in rules.OWED:
        return
    if penalty.state != "in_court" and not penalty.contested and debt_rules.behind(penalty.account, today):
        await set_court_term(penalty, law, tx)
    schedule(penalty, tx)


async def _way_back(penalty: Penalty, tx: Transaction) -> Move:
    applied = [one for one in await terms.terms_of("penalty", penalty.id, tx) if one.step == ENFORCE]
    if penalty.court_on is not None or any(one.state == "met" for one in applied):
        return "owe_in_court"
    return "owe" if penalty.reminder is None or penalty.agreed else "owe_after_reminder"


async def watch(penalty: Penalty, on: dt.date, tx: Transaction, *, rests_on: str = "changed_or_annulled") -> None:
    """Have the term to pay back run from a day on while something is to be, and end where nothing is any more."""
    law = steps.law_of(penalty)
    if not steps.left_to_refund(penalty):
        await terms.end_step("penalty", penalty.id, REFUND, tx)
    elif await terms.open_term("penalty", penalty.id, REFUND, tx) is None:
        length = Length(law.days("penalty.refund_workdays"), "workdays")
        await terms.set_term(steps.about(penalty), REFUND, length, begun_on=on, rests_on=rests_on, used=law.used, tx=tx)
        steps.keep_law(penalty, law)
