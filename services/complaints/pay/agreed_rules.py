"""Pay held against the piece rates and the commission that a collective contract agrees (劳动合同法 art. 51, 54; 德人社发〔2022〕95号
art. 10).

What is claimed is the least that follows. Each order is worth the rate that was agreed for one on the day on which it was finished, of
its trade and place, and nothing where none was. Where a settlement is for fewer orders than were told of, the cheapest ones are taken.
Pay is gross without the components that are not paid by the piece: whatever else is in it counts as paid by the piece. Rates for
another unit than an order need what nobody tells, as does a commission of which a settlement names no deduction. The
self-employed agree on their pay themselves.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from services.complaints.collective_contracts.rules import CollectiveContract
from services.complaints.parties.rules import Footing, footing_on
from services.complaints.pay import minimum_rules
from services.complaints.pay.amount_rules import shown
from services.complaints.pay.payment_rules import ZERO, Found, Pay
from services.complaints.pay.time_rules import Interval, finished_on, paid_on_day, place_of, trade_of
from shared.contracts.base import to_fen
from shared.contracts.complaints.pay_findings import CommissionExceeded, PieceRateShort, RatedOrders
from shared.policy.parameters import MissingParameter, Used, parameters

COMMISSION: Final = "commission"
"""The deduction that is the platform's share of the fees."""
BESIDE: Final = ("overtime", "holiday_overtime")
"""Components that are paid beside the piece rate, whatever a minimum wage includes."""
_LABOUR: Final = ("employment", "partial")

Rate = tuple[Decimal, str | None]
"""Yuan for an order, and the contract that agrees it; None where none does."""


def piece_rates(
    pay: Pay, intervals: Sequence[Interval], footings: Sequence[Footing], contracts: Sequence[CollectiveContract]
) -> Found | None:
    """Less paid than the agreed rates of the orders come to; None where it is not, or where what is needed was not told."""
    if pay.orders is None or not any(one.rates for one in contracts):
        return None
    finished = [(one, finished_on(one)) for one in intervals]
    done = [(one, day) for one, day in finished if paid_on_day(one.account, day, pay.paid_for)]
    rates = sorted(
        (_rate(one, day, footings, contracts) for one, day in done), key=lambda rate: (rate[0], rate[1] or "")
    )[: pay.orders]
    due = sum((amount for amount, _ in rates), ZERO)
    if not due:
        return None
    outside, used = set(BESIDE), tuple[Used, ...]()
    if pay.components:
        law = parameters.on(pay.period_end, place=place_of([one for one, _ in done]))
        try:
            outside |= set(law.texts("minimum_wage.excluded"))
        except MissingParameter:
            return None
        used = law.used
    paid = max(pay.gross - minimum_rules.excluded(pay, outside), ZERO)
    if paid >= due:
        return None
    finding = PieceRateShort(
        settlement_id=pay.settlement_id,
        further_settlements=pay.parts,
        period_start=pay.period_start,
        period_end=pay.period_end,
        orders=len(rates),
        parts=tuple(
            RatedOrders(collective_contract_id=contract_id, rate=shown(amount), orders=count, due=shown(amount * count))
            for (amount, contract_id), count in Counter(rates).items()
            if contract_id is not None
        ),
        pay=shown(paid),
        excluded=shown(minimum_rules.excluded(pay, outside)),
        due=shown(due),
        shortfall=shown(due - paid),
    )
    asked = (("rate_applies", True), ("part_paid_elsewhere", True), ("pay_not_divided", not pay.components))
    return Found(finding=finding, used=used, to_judge=tuple(code for code, applies in asked if applies))


def _rate(one: Interval, day: dt.date, footings: Sequence[Footing], contracts: Sequence[CollectiveContract]) -> Rate:
    if footing_on(footings, day) not in _LABOUR:
        return ZERO, None
    agreed = [
        (rate, contract.contract_id)
        for contract in contracts
        if (rate := contract.rate_on(day, one.industry, one.district)) is not None
    ]
    return max(agreed, default=(ZERO, None), key=lambda rate: rate[0])


def commission(
    pay: Pay, intervals: Sequence[Interval], footings: Sequence[Footing], contracts: Sequence[CollectiveContract]
) -> Found | None:
    """More taken of the fees than the agreed percentage, where one and the same is agreed for the whole period; None otherwise."""
    taken = sum((amount for kind, amount in pay.deductions if kind == COMMISSION), ZERO)
    if not taken or not intervals:
        return None
    district, industry = place_of(intervals), trade_of(intervals)
    days = [pay.period_start + dt.timedelta(n) for n in range((pay.period_end - pay.period_start).days + 1)]
    if any(footing_on(footings, day) not in _LABOUR for day in days):
        return None
    agreed = {
        min(
            (
                (share, one.contract_id)
                for one in contracts
                if (share := one.commission_on(day, industry, district)) is not None
            ),
            default=None,
        )
        for day in days
    }
    if len(agreed) != 1 or (only := agreed.pop()) is None:
        return None
    percent, contract_id = only
    allowed = to_fen(pay.gross * percent / 100)
    if taken <= allowed:
        return None
    finding = CommissionExceeded(
        settlement_id=pay.settlement_id,
        further_settlements=pay.parts,
        period_start=pay.period_start,
        period_end=pay.period_end,
        collective_contract_id=contract_id,
        percent=f"{percent.normalize():f}",
        gross=shown(pay.gross),
        allowed=shown(allowed),
        taken=shown(taken),
        excess=shown(taken - allowed),
    )
    return Found(finding=finding, to_judge=("commission_base",))
