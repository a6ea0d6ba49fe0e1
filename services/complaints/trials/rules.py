"""How much is in what a settlement, or a person's day, shows: what is short, or how long work went beyond a limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from services.complaints.leads.rules import kind_of
from services.complaints.pay.payment_rules import Found
from services.complaints.rest.rules import LEAD_OF
from services.complaints.rest.rules import Found as Reached

ZERO = Decimal(0)


def short(found: Iterable[Found]) -> dict[str, Decimal]:
    """What a worker is short of by the kind of lead, in yuan; 1 where a lead names no sum."""
    sums: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for one in found:
        named = getattr(one.finding, "shortfall", None) or getattr(one.finding, "due", None)
        sums[kind_of(one.finding)] += Decimal(named) if named is not None else Decimal(1)
    return dict(sums)


def beyond(found: Iterable[Reached], worker: str) -> dict[str, Decimal]:
    """By how many minutes the longest work of a worker's day went beyond a limit, by the kind of lead."""
    longest: dict[str, Decimal] = {}
    for one in found:
        kind = LEAD_OF.get(one.limit)
        if kind is not None and one.exceeded and one.worker == worker:
            over = Decimal(one.worked - one.terms.limit) / 60
            longest[kind] = max(longest.get(kind, ZERO), over)
    return longest


def compared(before: Mapping[str, Decimal], then: Mapping[str, Decimal]) -> list[tuple[str, Decimal, Decimal]]:
    """Each kind that either shows, with what it comes to before and then."""
    kinds = sorted({*before, *then})
    return [(kind, before.get(kind, ZERO), then.get(kind, ZERO)) for kind in kinds]
