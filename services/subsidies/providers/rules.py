"""When a filing holds, what it covers, and how it moves (德人社发〔2022〕95 号 art. 14)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from shared.contracts.subsidies import ProviderKind, SkillLevel
from shared.errors import Conflict, RuleBroken
from shared.policy.calendar import months_after
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

State = Literal["none", "submitted", "filed", "refused", "withdrawn", "suspended", "expired", "removed"]
Move = Literal["submit", "accept", "refuse", "withdraw", "suspend", "resume", "renew", "expire", "remove"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("none", "submit"): "submitted",
    ("refused", "submit"): "submitted",
    ("withdrawn", "submit"): "submitted",
    ("expired", "submit"): "submitted",
    ("removed", "submit"): "submitted",
    ("submitted", "accept"): "filed",
    ("submitted", "refuse"): "refused",
    ("submitted", "withdraw"): "withdrawn",
    ("filed", "suspend"): "suspended",
    ("suspended", "resume"): "filed",
    ("filed", "renew"): "filed",
    ("filed", "expire"): "expired",
    ("suspended", "expire"): "expired",
    ("filed", "remove"): "removed",
    ("suspended", "remove"): "removed",
}

STATES: Machine[State, Move, State] = Machine(
    "provider filing", MOVES, kind="provider-state", zh="该备案的当前状态不允许此操作"
)

KINDS: Final[Mapping[ProviderKind, str]] = {
    "technical_school": "技工院校",
    "vocational_school": "职业院校",
    "training_body": "职业培训机构",
    "courier_base": "省级快递员职业技能培训示范基地",
    "evaluation_body": "职业技能等级评价机构",
}

LEVELS: Final[Mapping[SkillLevel, str]] = {
    "special": "专项职业能力",
    "junior": "初级工（五级）",
    "intermediate": "中级工（四级）",
    "senior": "高级工（三级）",
    "technician": "技师（二级）",
    "senior_technician": "高级技师（一级）",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Legal days, both included."""

    valid_from: dt.date
    valid_to: dt.date


@dataclass(frozen=True, slots=True)
class Standing:
    """How a filing stands: `span` is None before its first check."""

    kind: ProviderKind
    state: State
    span: Span | None
    scope: Collection[tuple[str, SkillLevel]]
    """What it may train or evaluate: occupations by code, each with a level."""

    def holds_on(self, day: dt.date) -> bool:
        return self.state == "filed" and self.span is not None and self.span.valid_from <= day <= self.span.valid_to


def require_trainer(standing: Standing, day: dt.date, occupation: str, level: SkillLevel) -> None:
    """Raise unless the body may open or run a course of that occupation and level on that day."""
    if standing.kind == "evaluation_body":
        raise RuleBroken("evaluates-only", "评价机构备案不能开展培训", "an evaluation body does not train")
    _require(standing, day, occupation, level)


def require_evaluator(standing: Standing, day: dt.date, occupation: str, level: SkillLevel) -> None:
    """Raise unless the body may evaluate that occupation and level on that day."""
    if standing.kind != "evaluation_body":
        raise RuleBroken("trains-only", "该备案不是评价机构备案", "only an evaluation body evaluates")
    _require(standing, day, occupation, level)


def require_valid(standing: Standing, day: dt.date) -> None:
    """Raise unless the filing holds on that day."""
    if not standing.holds_on(day):
        raise Conflict("provider-not-valid", "该机构的备案当日无效", "the body's filing does not hold on that day")


def _require(standing: Standing, day: dt.date, occupation: str, level: SkillLevel) -> None:
    require_valid(standing, day)
    if (occupation, level) not in standing.scope:
        raise RuleBroken(
            "outside-scope", "该职业或等级不在机构备案范围内", "the occupation or level is not among those on file"
        )


def span_of(kind: ProviderKind, valid_from: dt.date, valid_to: dt.date, today: dt.date, law: Law) -> Span:
    """The days for which an officer puts a body on file; raises RuleBroken for days that cannot be.

    Where no longest time is known for a kind, the officer's own day holds.
    """
    if valid_to < max(valid_from, today):
        raise RuleBroken("days-over", "备案有效期有误", "the last day is before the first or over already")
    try:
        months = law.number("training_provider.validity_months", kind)
    except MissingParameter:
        return Span(valid_from, valid_to)
    if valid_to >= months_after(valid_from, months):
        raise RuleBroken("too-long", "超过该类机构备案的最长有效期", "longer than a filing of this kind may hold")
    return Span(valid_from, valid_to)


def renewed(kind: ProviderKind, span: Span, valid_to: dt.date, today: dt.date, law: Law) -> Span:
    """The days after a renewal, whose time counts from the day after the present last one."""
    if valid_to <= span.valid_to:
        raise RuleBroken("not-later", "续期应晚于现有效期", "a renewal ends later than what it renews")
    span_of(kind, span.valid_to + dt.timedelta(1), valid_to, today, law)
    return Span(span.valid_from, valid_to)
