"""Money that is owed back: instalments and the end of the efforts, of recourse and of recoveries alike."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from services.insurance.debts import rules
from services.insurance.debts.documents import REASON, Corrected, Debt, Instalment
from shared import clock
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.storage.encryption import encrypt_field


def repay(debt: Debt, amount: Decimal, on: dt.date, by: str) -> None:
    """Take an instalment; raises Conflict where the debt has come to its end, RuleBroken where it is beyond it."""
    if debt.state != "open":
        en = f"repaid is not possible: the debt is {debt.state}"
        raise Conflict("not-in-this-state", rules.STATES.zh, en, state=debt.state)
    debt.state = rules.STATES.next(debt.state, rules.repay(debt.owed, debt.repaid, amount))
    debt.instalments.append(Instalment(on=on, amount=amount, by=by))
    if debt.state != "open":
        debt.closed_on = on


def correct(
    debt: Debt,
    record_id: str,
    number: int,
    reason: str,
    anew: tuple[dt.date, Decimal] | None,
    by: str,
    moved_to: str | None = None,
) -> Instalment:
    """Record that an instalment (the first is 1) was recorded wrongly, and what came instead, if anything did, or where it counts; by
    another officer than who recorded it. What was paid back in full, or given up in part, is owed again. The wrong one; raises
    Conflict, RuleBroken."""
    if not 1 <= number <= len(debt.instalments):
        raise RuleBroken("no-such-instalment", "没有该笔到账记录", "there is no such instalment")
    wrong = debt.instalments[number - 1]
    if wrong.corrected is not None:
        raise Conflict("corrected-before", "该笔到账已更正", "the instalment was put right before")
    if wrong.by == by:
        raise Conflict("second-officer-needed", "须由另一名经办人员更正", "another officer must put this right")
    debt.state, debt.closed_on, debt.closed_for = rules.STATES.next(debt.state, "corrected"), None, None
    why = encrypt_field(REASON, record_id, reason)
    wrong.corrected = Corrected(reason=why, by=by, at=clock.now(), moved_to=moved_to)
    if anew is not None:
        repay(debt, anew[1], anew[0], by)
    return wrong


def write_off(debt: Debt, record_id: str, reason: str) -> None:
    """Give up what is still owed of an advance or a recovery; raises Conflict."""
    debt.state = rules.STATES.next(debt.state, rules.give_up(debt.repaid))
    debt.closed_on, debt.closed_for = calendar.shanghai_date(clock.now()), encrypt_field(REASON, record_id, reason)
