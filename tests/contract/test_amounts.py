"""Amounts of money as events hold them."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from shared.contracts.base import SignedMoney, money


@pytest.mark.parametrize("amount", ["0", "0.01", "-0.01", "999999999999.99", "-999999999999.99"])
def test_an_amount_that_is_published_can_be_read(amount: str) -> None:
    assert msgspec.convert(money(Decimal(amount)), SignedMoney) == f"{Decimal(amount):.2f}"


@pytest.mark.parametrize("amount", ["1000000000000.00", "-1000000000000.00"])
def test_a_larger_amount_is_refused_where_it_is_published(amount: str) -> None:
    """And not at each of those who hear of it, where the event would be a dead letter."""
    with pytest.raises(OverflowError):
        money(Decimal(amount))
