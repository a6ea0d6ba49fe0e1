"""What insurance tells of dues that are paid later: never the texts."""

from __future__ import annotations

from typing import Literal, TypedDict

from services.insurance.deferrals.documents import Deferral
from services.insurance.deferrals.rules import Ground
from shared.contracts.insurance import DeferralAsked, DeferralDecided, DeferralEnded

Ending = Literal["paid", "unpaid", "cancelled", "breached", "withdrawn"]


class _Fields(TypedDict):
    """The fields of every event of a deferral."""

    deferral_id: str
    platform: str
    ground: Ground
    months: tuple[str, ...]


def asked(deferral: Deferral) -> DeferralAsked:
    return DeferralAsked(**_fields(deferral))


def decided(deferral: Deferral) -> DeferralDecided:
    granted = deferral.state == "granted"
    return DeferralDecided(**_fields(deferral), granted=granted, last_day=deferral.last if granted else None)


def ended(deferral: Deferral, outcome: Ending) -> DeferralEnded:
    assert deferral.ended_on is not None
    return DeferralEnded(**_fields(deferral), outcome=outcome, ended_on=deferral.ended_on)


def _fields(deferral: Deferral) -> _Fields:
    return {
        "deferral_id": deferral.id,
        "platform": deferral.unit,
        "ground": deferral.ground,
        "months": tuple(deferral.months),
    }
