"""What may still be claimed back."""

from __future__ import annotations

from decimal import Decimal

from services.insurance.debts.rules import DebtState


def recoverable(paid: Decimal, debts: list[tuple[DebtState, Decimal, Decimal]]) -> Decimal:
    """What may still be claimed back of what was paid, in yuan; `debts`: state, sum and repaid part of earlier ones.

    An open debt holds its whole sum; of one that has ended only what came back is gone.
    """
    held = sum((owed if state == "open" else repaid for state, owed, repaid in debts), Decimal(0))
    return paid - held
