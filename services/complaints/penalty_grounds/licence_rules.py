"""Licences that a penalty takes away (吊销) or suspends for days (暂扣; 行政处罚法 art. 9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from services.complaints.penalty_grounds.rules import GROUNDS, Ground, Revocable
from shared.errors import RuleBroken
from shared.policy.parameters import Law


@dataclass(frozen=True, slots=True)
class Suspended:
    """A licence that is suspended for a number of natural days, the day of service the first of them."""

    kind: Revocable
    days: int


@dataclass(frozen=True, slots=True)
class NamedLicence:
    """A licence as a decision names it: its number, and the body that granted it."""

    number: str
    authority: str


def check_revoked(revoked: Revocable | None, grounds: Collection[Ground], *, grave: bool) -> None:
    """Raise RuleBroken unless a ground takes the licence away, and the matter is as grave as that asks for (行政处罚法 art. 4, 5)."""
    if revoked is None:
        return
    given = [GROUNDS[ground] for ground in grounds if GROUNDS[ground].revokes == revoked]
    if not any(grave or not basis.revokes_grave for basis in given):
        raise RuleBroken(
            "no-revocation",
            "该处罚依据没有规定吊销该许可证，或者以情节严重为前提",
            "the ground takes no such licence away, or only where the matter is grave",
        )


def check_suspended(
    suspended: Suspended | None,
    revoked: Revocable | None,
    grounds: Collection[Ground],
    law: Law,
    *,
    grave: bool,
    mitigated: bool,
) -> None:
    """Raise RuleBroken unless a licence may be suspended: of these texts none says so by itself, so that it takes the place of a
    taking away that the law lets be mitigated to a lighter kind of penalty (行政处罚法 art. 9, 32), for days within the range."""
    if suspended is None:
        return
    if revoked is not None:
        raise RuleBroken(
            "revoked-and-suspended",
            "同一处罚不得既吊销又暂扣许可证件",
            "one penalty takes a licence away or suspends it, not both",
        )
    check_revoked(suspended.kind, grounds, grave=grave)
    if not mitigated:
        raise RuleBroken(
            "no-suspension",
            "该处罚依据规定的是吊销，具有减轻处罚法定情形的方可暂扣",
            "the ground takes the licence away: it is suspended only where the law lets that be mitigated",
        )
    least, most = (law.days("penalty.suspension_days", end) for end in ("least", "most"))
    if not least <= suspended.days <= most:
        raise RuleBroken(
            "suspension-days",
            f"暂扣期限应为{least}日至{most}日",
            f"a licence is suspended for {least} to {most} days",
        )


def check_named(licence: NamedLicence | None, *, taken: bool) -> None:
    """Raise RuleBroken for a licence that is named in vain."""
    if licence is not None and not taken:
        raise RuleBroken(
            "licence-in-vain", "未吊销或者暂扣许可证件的，不填写许可证信息", "a licence is named that is not taken away"
        )


def check_same_licence(licence: NamedLicence | None, told: NamedLicence | None) -> None:
    """Raise RuleBroken for a decision on another licence than the enterprise was told of (行政处罚法 art. 44, 62)."""
    if told is not None and licence != told:
        raise RuleBroken(
            "other-licence", "决定的许可证与事先告知的不一致", "the decision is on another licence than was told"
        )


def last_day(served_on: dt.date, suspended: Suspended) -> dt.date:
    """The last day of a suspension: it counts from the service of the decision on (行政处罚法 art. 73)."""
    return served_on + dt.timedelta(days=suspended.days - 1)
