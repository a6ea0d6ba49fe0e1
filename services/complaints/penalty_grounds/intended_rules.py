"""What a penalty is made of, and that it is one that its grounds give, and no harsher than what was told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.complaints.penalty_grounds import gain_rules
from services.complaints.penalty_grounds.gain_rules import ZERO
from services.complaints.penalty_grounds.licence_rules import Suspended
from services.complaints.penalty_grounds.rules import GROUNDS, Allowed, Revocable
from shared.errors import RuleBroken
from shared.policy.parameters import Law

Leniency = Literal["slight_put_right", "first_slight_put_right", "no_fault", "no_capacity"]
"""Why an act is not punished (行政处罚法 art. 33; of a person who could not tell or control what they did, art. 31)."""

Mitigation = Literal["harm_removed", "coerced", "confessed", "merit", "other_rule", "minor", "limited_capacity"]
"""Why an act is punished more lightly than the range allows (行政处罚法 art. 32; the last two of a person, art. 30, 31)."""


@dataclass(frozen=True, slots=True)
class Intended:
    """A warning, a fine, a confiscation of unlawful gains (yuan; zero: none), a licence that is taken away (吊销) or suspended
    for days (暂扣), or several of them."""

    warning: bool
    fine: Decimal
    confiscated: Decimal = ZERO
    revoked: Revocable | None = None
    suspended: Suspended | None = None

    @property
    def takes_licence(self) -> bool:
        return self.revoked is not None or self.suspended is not None


def check_intended(intended: Intended, range_: Allowed, *, warns: bool, mitigation: Collection[Mitigation]) -> None:
    """Raise RuleBroken unless a penalty is one that its grounds give: within the range, and with the warning that they ask for
    (`warns`), or below that where art. 32 of 行政处罚法 says so."""
    if intended.warning and not warns:
        raise RuleBroken("no-warning", "该处罚依据没有规定警告", "the ground gives no warning")
    if intended.fine == 0:
        else_ = intended.confiscated > 0 or intended.takes_licence
        if not (GROUNDS[range_.ground].warns and intended.warning) and not (range_.least == 0 and else_):
            raise RuleBroken("no-fine", "该处罚依据规定应当处以罚款", "the ground asks for a fine")
        return
    if intended.fine > range_.most or (intended.fine < range_.least and not mitigation):
        raise RuleBroken(
            "fine-range",
            f"罚款应为{range_.least}元至{range_.most}元；低于下限须有减轻处罚的法定情形",
            f"the fine is {range_.least} to {range_.most} yuan, or less where the law lets it be mitigated",
            least=str(range_.least),
            most=str(range_.most),
        )
    if warns and not intended.warning and not mitigation:
        raise RuleBroken(
            "warning-missing", "该处罚依据规定应当给予警告", "the ground asks for a warning beside the fine"
        )


def check_not_harsher(intended: Intended, before: Intended | None) -> None:
    """Raise RuleBroken for a penalty that is harsher than the enterprise was told, or defended itself against (行政处罚法
    art. 44, 45)."""
    if before is not None and (
        intended.fine > before.fine
        or intended.confiscated > before.confiscated
        or (intended.warning and not before.warning)
        or intended.revoked not in (None, before.revoked)
        or _suspended_longer(intended.suspended, before)
    ):
        raise RuleBroken(
            "harsher", "不得给予比告知或者当事人陈述申辩前更重的处罚", "no penalty is harsher than what was told"
        )


def hearing_is_due(intended: Intended, law: Law) -> bool:
    """Whether the enterprise may ask for a hearing: on a large fine, a large confiscation, for its licence, or
    on its suspension, which is as heavy as those (行政处罚法 art. 63)."""
    large_fine = intended.fine >= law.amount("penalty.large_fine")
    return gain_rules.is_large(intended.confiscated, law) or large_fine or intended.takes_licence


def _suspended_longer(suspended: Suspended | None, before: Intended) -> bool:
    """Whether a licence is suspended that was to be left, or for longer; a suspension is less than the taking away."""
    if suspended is None or suspended.kind == before.revoked:
        return False
    told = before.suspended
    return told is None or told.kind != suspended.kind or suspended.days > told.days


def weight(intended: Intended) -> tuple[Decimal, Decimal, str, int, bool]:
    """By which the lighter of two penalties is found."""
    days = 0 if intended.suspended is None else intended.suspended.days
    return intended.fine, intended.confiscated, intended.revoked or "", days, intended.warning
