"""Claiming back what was paid wrongly."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from services.insurance.benefits import rules
from services.insurance.benefits.debts import repay, write_off
from services.insurance.benefits.documents import Benefit, Debt, Recovery
from shared.contracts.base import money
from shared.contracts.insurance import Debtor, RecoveryClosed, RecoveryOpened
from shared.storage.records import find
from shared.storage.transaction import Transaction


async def open_recovery(
    benefit: Benefit, amount: Decimal, reason: str, debtor: Debtor, by: str, tx: Transaction
) -> Recovery:
    """Claim back a part of what was paid; raises NotTheirs, and TooMuch where less was paid, or is left of it.

    The employer owes what the fund took over from it, a third party medical costs (社会保险法 art. 41, 42). `reason` is a
    code, which travels.
    """
    if (debtor == "employer" and benefit.liable is None) or (debtor == "third_party" and benefit.kind != "medical"):
        raise NotTheirs(debtor)
    if amount > await left(benefit, tx):
        raise rules.TooMuch(f"{amount} of {benefit.id}")
    benefit.recoveries += 1
    benefit.note("recovery_opened", by, reason)
    recovery = Recovery(
        id=f"{benefit.id}:r{benefit.recoveries}",
        benefit_id=benefit.id,
        district=benefit.district,
        debtor=debtor,
        reason=reason,
        by=by,
        debt=Debt(owed=amount),
    )
    tx.tell(RecoveryOpened(**benefit.facts(), to_recover=money(amount), reason=reason, debtor=debtor))
    await benefit.put(tx)
    return await recovery.put(tx)


async def left(benefit: Benefit, tx: Transaction | None = None) -> Decimal:
    """What may still be claimed back, in yuan."""
    found = await find(Recovery, {"benefit_id": benefit.id}, tx)
    return rules.recoverable(benefit.paid, [(one.debt.state, one.debt.owed, one.debt.repaid) for one in found])


async def take_instalment(
    benefit: Benefit, recovery: Recovery, amount: Decimal, on: dt.date, by: str, tx: Transaction
) -> Recovery:
    """Store what has come back; raises Forbidden, TooMuch."""
    repay(recovery.debt, amount, on, by)
    return await _followed(benefit, recovery, by, None, tx)


async def give_up(benefit: Benefit, recovery: Recovery, reason: str, by: str, tx: Transaction) -> Recovery:
    """End a recovery of which some part is still owed; raises Forbidden."""
    write_off(recovery.debt, recovery.id, reason)
    return await _followed(benefit, recovery, by, reason, tx)


async def _followed(benefit: Benefit, recovery: Recovery, by: str, reason: str | None, tx: Transaction) -> Recovery:
    if benefit.amount is None:
        raise rules.Forbidden(benefit.state, "recovered")
    debt = recovery.debt
    if debt.state != "open":
        benefit.note("recovery_closed", by, reason)
        recovered, debtor = money(debt.repaid), recovery.debtor
        tx.tell(RecoveryClosed(**benefit.facts(), recovered=recovered, outcome=debt.state, debtor=debtor))
        await benefit.put(tx)
    return await recovery.put(tx)


class NotTheirs(ValueError):
    """Whoever is named does not owe this benefit."""
