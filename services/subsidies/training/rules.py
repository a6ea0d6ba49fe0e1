"""Who may have the training subsidy (川人社规〔2025〕11号; 德人社发〔2022〕95号 art. 14).

No condition is set on household register, residence, or place of insurance or work: the provincial rule forbids that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from shared.policy.calendar import months_after
from shared.policy.parameters import Law, MissingParameter, Used
from shared.states import Machine

State = Literal["submitted", "approved", "refused"]
Move = Literal["approve", "refuse"]
Reason = Literal[
    "no_certificate",
    "birth_date_unknown",
    "policy_not_in_force",
    "platform_workers_excluded",
    "too_young",
    "same_course",
    "yearly_limit",
]

REASONS: Final[Mapping[Reason, str]] = {
    "no_certificate": "未查到您本人该培训的结业证书",
    "birth_date_unknown": "未查到您的出生日期，无法核实年龄",
    "policy_not_in_force": "培训结业日期不在补贴政策有效期内",
    "platform_workers_excluded": "补贴政策不适用于平台网约劳动者",
    "too_young": "培训结业时未达到补贴政策规定的年龄",
    "same_course": "同一职业（工种）同一等级的培训已享受过补贴",
    "yearly_limit": "当年享受培训补贴的次数已达上限",
}
"""What an applicant reads."""

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("submitted", "approve"): "approved",
    ("submitted", "refuse"): "refused",
}

STATES: Machine[State, Move, State] = Machine("application", MOVES)

WAIT: Final = dt.timedelta(days=7)
"""How long an application waits for a certificate or a date of birth that is still on its way to this service.

No term of the law: the platform or the registry may be late, and the applicant may apply again at any time.
"""


@dataclass(frozen=True, slots=True)
class Training:
    """A completed course."""

    course: str
    completed_on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Approved where no reason stands against it. `amount` is yuan; null where a person must set it, for `amount_note`."""

    reasons: tuple[Reason, ...]
    amount: Decimal | None = None
    amount_note: str | None = None
    used: tuple[Used, ...] = ()

    @property
    def move(self) -> Move:
        return "refuse" if self.reasons else "approve"


def unknown(training: Training | None, born_on: dt.date | None) -> tuple[Reason, ...]:
    """What is not known yet, as the reasons for which an application is refused when it stays unknown."""
    missing: dict[Reason, bool] = {"no_certificate": training is None, "birth_date_unknown": born_on is None}
    return tuple(reason for reason, holds in missing.items() if holds)


def decide(training: Training, born_on: dt.date, subsidised: Sequence[Training], law: Law) -> Decision:
    """Decide by `law`, that of the day on which the training was completed.

    `subsidised` are the person's trainings for which a subsidy was approved. A year is the calendar year of completion.
    """
    try:
        excluded = not law.flag("training_subsidy.platform_workers")
        min_age = law.number("training_subsidy.min_age")
        most = law.number("training_subsidy.max_per_year")
    except MissingParameter:
        return Decision(reasons=("policy_not_in_force",), used=law.used)
    of_age_on = months_after(born_on, 12 * min_age)
    in_year = sum(earlier.completed_on.year == training.completed_on.year for earlier in subsidised)
    against: dict[Reason, bool] = {
        "platform_workers_excluded": excluded,
        "too_young": training.completed_on < of_age_on,
        "same_course": any(earlier.course == training.course for earlier in subsidised),
        "yearly_limit": in_year >= most,
    }
    reasons = tuple(reason for reason, holds in against.items() if holds)
    if reasons:
        return Decision(reasons=reasons, used=law.used)
    try:
        return Decision(reasons=(), amount=law.amount("training_subsidy.amount", training.course), used=law.used)
    except MissingParameter as missing:
        return Decision(reasons=(), amount_note=str(missing), used=law.used)
