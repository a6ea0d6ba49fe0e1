"""Remind the party of what it has not paid, apply to a court for compulsory execution, and record how that ended."""

from __future__ import annotations

import datetime as dt
from itertools import chain

from services.complaints.penalties import debt_rules, events, rules, steps
from services.complaints.penalties.confidence import check_silent
from services.complaints.penalties.debt_rules import Due
from services.complaints.penalties.documents import Penalty, encrypted_text
from services.complaints.penalties.payment_documents import Claim, LateDays, Reminder
from services.complaints.penalty_payments.commands import ENFORCE, over
from services.complaints.terms import commands as terms
from shared.errors import Conflict
from shared.storage.transaction import Transaction


async def remind(penalty: Penalty, by: str, tx: Transaction) -> Penalty:
    """Remind the enterprise to pay what is overdue, of each sum by itself (行政强制法 art. 35, 54)."""
    law, today = steps.law_of(penalty), steps.today()
    if not debt_rules.behind(penalty.account, today):
        raise Conflict("not-overdue", "罚款尚未逾期", "nothing is overdue")
    steps.move(penalty, "remind")
    claim, pay_by = claim_of(penalty, today), rules.reminded_until(today, law)
    penalty.reminder = Reminder(on=today, by=by, owed=claim.total, pay_by=pay_by, claim=claim)
    steps.tell(penalty, events.reminded(penalty, claim, pay_by), tx)
    return await steps.put(penalty, law, tx)


async def go_to_court(penalty: Penalty, tx: Transaction) -> Penalty:
    """Record that a court was applied to for compulsory execution, of each sum by itself (行政强制法 art. 53-55)."""
    law, today = steps.law_of(penalty), steps.today()
    rules.STATES.next(penalty.state, "go_to_court")
    await steps.check_enterprise_first(penalty, tx)
    assert penalty.reminder is not None
    rules.check_court(penalty.remedies_over_on, penalty.reminder.on, today, law, contested=penalty.contested)
    steps.move(penalty, "go_to_court")
    penalty.court_on, penalty.court_claim = today, claim_of(penalty, today)
    await terms.meet("penalty", penalty.id, ENFORCE, today, tx)
    steps.tell(penalty, events.taken_to_court(penalty, penalty.court_claim), tx)
    return await steps.put(penalty, law, tx)


async def end(penalty: Penalty, text: str, tx: Transaction) -> Penalty:
    """Record that the execution has ended without full payment (行政强制法 art. 40)."""
    await check_silent(penalty, [text], tx)
    steps.move(penalty, "end")
    penalty.ending = encrypted_text(penalty.id, text)
    await over(penalty, tx)
    steps.tell(penalty, events.closed(penalty, "ended"), tx)
    return await penalty.put(tx)


def claim_of(penalty: Penalty, day: dt.date) -> Claim:
    """What is claimed on a day, and how what was added is reckoned, also by the parts before those of now."""
    account = penalty.account
    owed, reckoned = debt_rules.apart(account, day), debt_rules.reckoned(account, day)
    replaced = [([Due(part.amount, part.on) for part in one.parts], one.on) for one in penalty.replaced]
    late = chain(debt_rules.late_before(account, replaced), reckoned.late)
    return Claim(
        fine=owed.fine,
        surcharge=owed.surcharge,
        confiscated=owed.confiscated,
        again=owed.again,
        added=reckoned.added,
        percent=penalty.percent,
        cap=account.fine,
        before=account.added,
        began_on=min((one.first for one in late), default=None),
        late=[LateDays(amount=one.amount, first=one.first, last=one.last, days=one.days) for one in reckoned.late],
    )
