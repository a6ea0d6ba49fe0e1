"""Money that is owed back: instalments and the end of the efforts, of recourse and of recoveries alike."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from services.insurance.debts import rules
from services.insurance.debts.documents import REASON, Debt, Instalment
from shared import clock
from shared.errors import Conflict
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


def write_off(debt: Debt, record_id: str, reason: str) -> None:
    """Give up what is still owed of an advance or a recovery; raises Conflict."""
    debt.state = rules.STATES.next(debt.state, rules.give_up(debt.repaid))
    debt.closed_on, debt.closed_for = calendar.shanghai_date(clock.now()), encrypt_field(REASON, record_id, reason)
