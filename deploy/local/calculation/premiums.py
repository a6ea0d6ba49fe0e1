"""Premiums per order and monthly bills (《新就业形态人员职业伤害保障办法（试行）》 art. 2; 人社部发〔2025〕24号)."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from deploy.local.calculation.registry import PROFILE, Engagement
from deploy.local.calculation.validation import Fact, shanghai_day

ORDER = "order.finished.v1"
FEN = Decimal("0.01")

PILOT_FROM = date(2022, 7, 1)
WIDER_FROM = date(2025, 7, 1)
PILOT = {"ride_hailing": Decimal("0.04"), "freight": Decimal("0.20"), "instant_delivery": Decimal("0.04")}
WIDER = {"ride_hailing": Decimal("0.01"), "freight": Decimal("0.18")}
WIDER_DELIVERY = {"a": Decimal("0.07"), "b": Decimal("0.25")}


@dataclass(frozen=True, slots=True)
class Bill:
    """One platform's month: `orders` are the charged ones, `premium` is in yuan to the fen."""

    platform: str
    month: str
    orders: int
    premium: Decimal


def rate(industry: str, delivery_class: str, day: date) -> Decimal | None:
    """Yuan per order on a day, or None where the industry has no per-order rate then."""
    if day < PILOT_FROM:
        return None
    if day < WIDER_FROM:
        return PILOT.get(industry)
    return WIDER_DELIVERY[delivery_class] if industry == "instant_delivery" else WIDER.get(industry)


def distinct_orders(facts: Iterable[Fact]) -> list[Fact]:
    """Each order once, as it was first told."""
    orders: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        if fact.type == ORDER:
            orders.setdefault((fact.platform, fact.data["order_id"]), fact)
    return list(orders.values())


class DeliveryClasses:
    """Each platform's delivery class by day: a profile holds from its day on, the first one also before it."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        profiles = sorted((fact for fact in facts if fact.type == PROFILE), key=lambda fact: (fact.time, fact.position))
        self._since: defaultdict[str, list[date]] = defaultdict(list)
        self._class: defaultdict[str, list[str]] = defaultdict(list)
        for fact in profiles:
            self._since[fact.platform].append(shanghai_day(fact.time))
            self._class[fact.platform].append(fact.data["delivery_class"] or "a")

    def on(self, platform: str, day: date) -> str:
        if platform not in self._since:
            return "a"
        return self._class[platform][max(bisect_right(self._since[platform], day) - 1, 0)]


def bills(facts: Sequence[Fact], orders: Iterable[Fact], engagements: Iterable[Engagement]) -> list[Bill]:
    """One bill for each platform and month of finishing (Asia/Shanghai) in which it has a charged order, sorted."""
    classes = DeliveryClasses(facts)
    employed: defaultdict[tuple[str, str], list[Engagement]] = defaultdict(list)
    for engagement in engagements:
        if engagement.relation == "employment":
            employed[engagement.platform, engagement.worker_ref].append(engagement)
    charged: defaultdict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for order in orders:
        day = shanghai_day(order.data["finished_at"])
        if any(engagement.covers(day) for engagement in employed.get(order.worker, ())):
            continue
        premium = rate(order.data["industry"], classes.on(order.platform, day), day)
        if premium is not None:
            charged[order.platform, f"{day:%Y-%m}"].append(premium)
    return [
        Bill(platform, month, len(premiums), sum(premiums, Decimal(0)).quantize(FEN, ROUND_HALF_UP))
        for (platform, month), premiums in sorted(charged.items())
    ]
