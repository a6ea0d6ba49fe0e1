"""Amounts as findings show them."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from shared.contracts.base import money

LARGEST: Final = Decimal("999999999999.99")
"""Yuan. What a platform tells is no larger, but its sums, and the pay of an hour by that of a second, may be."""


def shown(amount: Decimal) -> str:
    """An amount calculated from what was told, in yuan; what is larger than any pay can be, as the largest that an event holds."""
    return money(max(min(amount, LARGEST), -LARGEST))
