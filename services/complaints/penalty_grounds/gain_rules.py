"""Unlawful gains (违法所得): what of them goes back to those who were harmed, and what is confiscated (行政处罚法 art. 28)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shared.errors import RuleBroken
from shared.policy.parameters import Law

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Gain:
    """What an act brought in, in yuan, with nothing taken off for costs: by art. 28 it is the money obtained, unless another
    text reckons otherwise. `owed_back`: what of it goes back to those harmed (退赔); `repaid`: what of that they have already."""

    received: Decimal
    owed_back: Decimal = ZERO
    repaid: Decimal = ZERO

    @property
    def confiscable(self) -> Decimal:
        """What is confiscated: nothing that is owed back, whether it was repaid or not."""
        return self.received - self.owed_back

    @property
    def left_to_repay(self) -> Decimal:
        return self.owed_back - self.repaid


def check_gain(gain: Gain) -> None:
    """Raise RuleBroken where more is owed back than came in, or more was repaid than is owed back."""
    if not ZERO <= gain.repaid <= gain.owed_back <= gain.received:
        raise RuleBroken(
            "gain",
            "退赔金额不得超过违法所得，已退赔金额不得超过应退赔金额",
            "no more is owed back than came in, nor repaid than is owed back",
        )


def check_stated(gain: Gain | None, *, confiscates: bool) -> None:
    """Raise RuleBroken where a ground confiscates gains and the investigation does not say what there was, be it nothing."""
    if confiscates and gain is None:
        raise RuleBroken(
            "gain-missing",
            "该处罚依据规定没收违法所得，须查明违法所得",
            "the ground confiscates gains: say what they are",
        )


def check_confiscated(confiscated: Decimal, gain: Gain | None) -> None:
    """Raise RuleBroken unless all unlawful gains are confiscated but what is owed back: the law leaves no choice (应当没收)."""
    due = ZERO if gain is None else gain.confiscable
    if confiscated != due:
        raise RuleBroken(
            "confiscation",
            f"违法所得除依法应当退赔的外应当没收，没收金额应为{due}元",
            f"what was gained and is not owed back is confiscated: {due} yuan",
            due=str(due),
        )


def is_large(confiscated: Decimal, law: Law) -> bool:
    """Whether a confiscation opens the right to a hearing (行政处罚法 art. 63)."""
    return confiscated > 0 and confiscated >= law.amount("penalty.large_confiscation")
