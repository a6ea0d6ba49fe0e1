"""Claiming back what was paid wrongly."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from services.insurance.benefits import rules
from services.insurance.benefits.documents import Benefit
from services.insurance.debts.commands import repay, write_off
from services.insurance.debts.documents import Debt
from services.insurance.debts.rules import too_much
from services.insurance.recoveries.documents import Recovery
from services.insurance.recoveries.rules import recoverable
from shared.contracts.base import money
from shared.contracts.insurance import Debtor, RecoveryClosed, RecoveryOpened
from shared.errors import RuleBroken
from shared.storage.records import find
from shared.storage.transaction import Transaction


async def open_recovery(
    benefit: Benefit, amount: Decimal, reason: str, debtor: Debtor, by: str, tx: Transaction
) -> Recovery:
    """Claim back a part of what was paid; raises RuleBroken, also where less was paid, or is left of it.

    The employer owes what the fund took over from it, a third party medical costs (社会保险法 art. 41, 42). `reason` is a
    code, which travels.
    """
    if (debtor == "employer" and benefit.liable is None) or (debtor == "third_party" and benefit.kind != "medical"):
        raise RuleBroken("not-theirs", "该主体不承担此项待遇", "whoever is named does not owe this benefit")
    if amount > await left(benefit, tx):
        raise too_much()
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
    tx.publish(RecoveryOpened(**benefit.facts(), to_recover=money(amount), reason=reason, debtor=debtor))
    await benefit.put(tx)
    return await recovery.put(tx)


async def left(benefit: Benefit, tx: Transaction | None = None) -> Decimal:
    """What may still be claimed back, in yuan."""
    found = await find(Recovery, {"benefit_id": benefit.id}, tx)
    return recoverable(benefit.paid, [(one.debt.state, one.debt.owed, one.debt.repaid) for one in found])


async def record_instalment(
    benefit: Benefit, recovery: Recovery, amount: Decimal, on: dt.date, by: str, tx: Transaction
) -> Recovery:
    """Store what has come back; raises Conflict, RuleBroken."""
    repay(recovery.debt, amount, on, by)
    return await _followed(benefit, recovery, by, None, tx)


async def give_up(benefit: Benefit, recovery: Recovery, reason: str, by: str, tx: Transaction) -> Recovery:
    """End a recovery of which some part is still owed; raises Conflict."""
    write_off(recovery.debt, recovery.id, reason)
    return await _followed(benefit, recovery, by, reason, tx)


async def _followed(benefit: Benefit, recovery: Recovery, by: str, reason: str | None, tx: Transaction) -> Recovery:
    if benefit.amount is None:
        raise rules.not_now(benefit.state, "recovered")
    debt = recovery.debt
    if debt.state != "open":
        benefit.note("recovery_closed", by, reason)
        recovered, debtor = money(debt.repaid), recovery.debtor
        tx.publish(RecoveryClosed(**benefit.facts(), recovered=recovered, outcome=debt.state, debtor=debtor))
        await benefit.put(tx)
    return await recovery.put(tx)
