"""Agree with a party on how a decision is carried out, and go on as before where it does not keep to that (行政强制法 art. 42)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from services.complaints.officers.documents import Officer
from services.complaints.penalties import debt_rules, events, rules, steps
from services.complaints.penalties.confidence import check_silent
from services.complaints.penalties.documents import Penalty, encrypted_text
from services.complaints.penalties.payment_documents import Agreement
from services.complaints.penalty_payments.commands import KEPT, over, plan_anew, schedule, set_court_term
from services.complaints.terms import commands as terms
from shared.errors import Conflict, RuleBroken
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What is agreed: the text, that it harms neither the public nor others, in how many monthly parts it is paid from which day on,
    and what is waived of what was added (yuan) for which remedy."""

    text: str
    harmless: bool
    parts: int
    first: dt.date
    relief: Decimal
    remedy: str | None


async def agree(penalty: Penalty, asked: Agreed, officer: Officer, tx: Transaction) -> Penalty:
    """Agree on payment in parts once something is overdue; what was added may be waived, in whole or in part, where the party has
    mended what it did. The fine itself is not lowered."""
    law, today, account = steps.law_of(penalty), steps.today(), penalty.account
    if penalty.agreed:
        raise Conflict("agreed-already", "已达成执行协议", "an agreement on how it is carried out goes on")
    steps.move(penalty, "agree")
    if not debt_rules.behind(account, today):
        raise Conflict("not-overdue", "罚款尚未逾期", "nothing is overdue")
    if not asked.harmless:
        raise RuleBroken(
            "harms-others",
            "执行协议不得损害公共利益和他人合法权益",
            "an agreement harms neither the public nor anybody's rights",
        )
    if asked.parts > law.number("penalty.instalments_most") or asked.first <= today:
        raise RuleBroken("instalments", "分期期数过多或者首期日期有误", "too many parts, or the first one not later")
    most = min(debt_rules.surcharge(account, today), max(debt_rules.owed(account, today), debt_rules.ZERO))
    if asked.relief > most or (asked.relief > 0 and asked.remedy is None):
        raise RuleBroken(
            "relief",
            f"当事人采取补救措施的，方可减免加处罚款，且不得超过{most}元",
            f"only what was added is waived, up to {most} yuan, and for what the party has mended",
            most=str(most),
        )
    await check_silent(penalty, [asked.text, asked.remedy or ""], tx)
    plan_anew(penalty, (asked.parts, asked.first), today, asked.relief)
    penalty.agreement = Agreement(
        text=encrypted_text(penalty.id, asked.text),
        remedy=None if asked.remedy is None else encrypted_text(penalty.id, asked.remedy),
        relief=asked.relief,
        on=today,
        by=officer.id,
    )
    penalty.deferral = None
    await terms.end("penalty", penalty.id, tx, but=KEPT)
    if debt_rules.total(penalty.account, today) <= 0:
        steps.move(penalty, "pay")
        await over(penalty, tx)
    else:
        schedule(penalty, tx)
    steps.tell(penalty, events.deferred(penalty, granted=True, parts=asked.parts), tx)
    return await steps.put(penalty, law, tx)


async def lapse(penalty_id: str, tx: Transaction) -> None:
    """Let the last day of a part of a fine pass: it is told once, and the time to apply to a court is set."""
    penalty = await Penalty.of(penalty_id, tx)
    if penalty is None or penalty.state not in rules.OWED:
        return
    today, account = steps.today(), penalty.account
    late = sorted({part.on for part in debt_rules.overdue(account, today)} - {*penalty.told_overdue})
    for day in late:
        penalty.told_overdue = [*penalty.told_overdue, day]
        steps.tell(penalty, events.overdue(penalty, day, debt_rules.total(account, today)), tx)
    if late and penalty.agreed:
        resume(penalty, late[0])
    if late and not penalty.contested:
        await set_court_term(penalty, steps.law_of(penalty), tx)
    schedule(penalty, tx)
    await penalty.put(tx)


def resume(penalty: Penalty, missed: dt.date) -> None:
    """Let an agreement be broken by a part that was not paid by its last day: all that is left is due, what was waived is owed after
    all, and the way to a court goes on from where it was (行政强制法 art. 42: 恢复强制执行)."""
    agreed = penalty.agreement
    assert agreed is not None
    penalty.agreement = agreed.model_copy(update={"broken_on": missed})
    penalty.replaced = [
        one.model_copy(update={"relief": debt_rules.ZERO}) if one.on == agreed.on else one for one in penalty.replaced
    ]
    penalty.added += agreed.relief
    plan_anew(penalty, (1, missed), missed)
    if penalty.reminder is not None:
        steps.move(penalty, "resume")
