"""Money that is owed back: instalments and the end of the efforts, of recourse and of recoveries alike."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from services.insurance.benefits import rules
from services.insurance.benefits.documents import REASON, Debt, Instalment
from shared import clock
from shared.policy import calendar
from shared.storage.encryption import encrypt_field


def repay(debt: Debt, amount: Decimal, on: dt.date, by: str) -> None:
    """Take an instalment; raises Forbidden where the debt has come to its end, TooMuch where it is beyond it."""
    if debt.state != "open":
        raise rules.Forbidden(debt.state, "repaid")
    debt.state = rules.debt_after(debt.state, rules.repay(debt.owed, debt.repaid, amount))
    debt.instalments.append(Instalment(on=on, amount=amount, by=by))
    if debt.state != "open":
        debt.closed_on = on


def write_off(debt: Debt, record_id: str, reason: str) -> None:
    """Give up what is still owed of an advance or a recovery; raises Forbidden."""
    debt.state = rules.debt_after(debt.state, rules.give_up(debt.repaid))
    debt.closed_on, debt.closed_for = calendar.shanghai_date(clock.now()), encrypt_field(REASON, record_id, reason)
