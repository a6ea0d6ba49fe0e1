"""Whom a collective contract binds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from services.complaints.collective_contracts.rules import AgreedPay, CollectiveContract
from tests.unit.complaints.pay.settlements import FIRST, LAST

PLATFORM = "91510600MA0000001E"


def pay(hourly: str | None = None, waiting: str | None = None, since: dt.date = FIRST) -> AgreedPay:
    return AgreedPay(
        since=since,
        hourly_pay=None if hourly is None else Decimal(hourly),
        waiting_percent=None if waiting is None else Decimal(waiting),
    )


def contract(*agreed: AgreedPay, contract_id: str = "a", **changes: Any) -> CollectiveContract:
    facts: dict[str, Any] = {
        "platforms": frozenset([PLATFORM]),
        "industry": None,
        "district": "510600",
        "valid_from": FIRST,
        "valid_to": LAST,
    }
    return CollectiveContract(contract_id=contract_id, pay=agreed, **(facts | changes))


def test_whom_a_contract_binds() -> None:
    assert contract(pay("25")).binds(PLATFORM)
    assert not contract(pay("25")).binds("91510600MA0000009X")
    assert contract(pay("25"), platforms=frozenset()).binds("91510600MA0000009X")
