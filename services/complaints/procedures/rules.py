"""What a worker claims of an enterprise, as inspection and disputes both know it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from shared.contracts.complaints import Category

ClaimKind = Literal[
    "employment_relation", "contract", "dismissal", "pay", "injury_medical", "severance", "damages", "working_time",
    "rest", "social_insurance", "benefits", "agreement", "platform_rules", "other",
]  # fmt: skip

Side = Literal["inspections", "disputes", "mediations", "civil_mediations"]
"""Complaints under investigation; disputes before arbitration or a court; disputes in a mediation by the law on labour disputes;
and in one of a matter that is no labour dispute."""
DISPUTES: Final[tuple[Side, ...]] = ("disputes", "mediations", "civil_mediations")
BROUGHT: Final[tuple[Side, ...]] = ("disputes", "mediations")
"""Where a claim is that labour inspection points there: 已经按照劳动争议处理程序申请调解、仲裁或者已经提起诉讼的
(劳动保障监察条例 art. 21).

A mediation decides nothing. So one that begins later ends no investigation, and one of a matter that is no labour dispute, which
that law does not speak of, keeps no complaint back.
"""
ALONE: Final[Mapping[Side, Side]] = {"inspections": "disputes", "disputes": "inspections"}
"""What decides on a claim, and what else decides then not."""

CLAIMED: Final[Mapping[Category, tuple[ClaimKind, ...]]] = {
    "no_contract": ("contract",),
    "late_pay": ("pay",),
    "short_pay": ("pay",),
    "below_minimum_wage": ("pay",),
    "holiday_pay": ("pay",),
    "rest": ("rest", "working_time"),
    "social_insurance": ("social_insurance",),
    "platform_rules": ("platform_rules",),
}
"""What a complaint of a category claims, where a dispute may claim the same. Of other categories nothing excludes the other."""


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """What a person claims of an enterprise, whatever the day of it: a complaint does not say each."""

    worker_id: str
    enterprise: str
    kind: ClaimKind

    @property
    def id(self) -> str:
        return f"{self.worker_id}|{self.enterprise}|{self.kind}"


def complained(people: Collection[str], enterprise: str | None, category: Category) -> list[Claim]:
    """What people claim by a complaint."""
    if enterprise is None:
        return []
    return sorted(Claim(one, enterprise, kind) for one in set(people) for kind in CLAIMED.get(category, ()))
