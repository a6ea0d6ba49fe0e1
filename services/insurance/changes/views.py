"""What has become of an injured person, as officers record it and the worker sees it. Money is yuan, a decimal string."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from services.insurance.benefits.asked_views import Code, Text, YuanFromZero
from services.insurance.entitlements.documents import Entitlement
from services.insurance.entitlements.rules import Death, Life
from shared.storage.fields import Yuan


class DeathView(BaseModel):
    """A death after the recognition. `kind`: which of the law's deaths it is, that says what it gives (工伤保险条例 art. 39)."""

    on: dt.date
    of_injury: bool
    declared: bool
    kind: Death
    document: str


class AbsenceView(BaseModel):
    """A time of which nobody knows where the worker was."""

    since: dt.date
    returned_on: dt.date | None
    document: str


class RelapseView(BaseModel):
    """An old injury that needs treatment again."""

    since: dt.date
    document: str


class RetirementView(BaseModel):
    """A retirement, with the old-age pension a month."""

    on: dt.date
    pension: Yuan
    document: str


class StopView(BaseModel):
    """A time without benefits. `case`: a code of `benefit.stop_grounds`; `until` is null while it lasts."""

    case: str
    since: dt.date
    until: dt.date | None
    document: str


class EntitlementView(BaseModel):
    """What has become of one injured person since the recognition."""

    claim_id: str
    life: Life
    deaths: list[DeathView]
    absences: list[AbsenceView]
    relapses: list[RelapseView]
    retirement: RetirementView | None
    stops: list[StopView]


class DeathToRecord(BaseModel):
    """A death after the recognition. `of_injury`: the injury caused it; `declared`: a court has declared it of who was missing, and
    `on` is the judgment's day."""

    on: dt.date
    of_injury: bool
    declared: bool = False
    document: Text


class Since(BaseModel):
    """Since when something is so, and the document that it stands in."""

    since: dt.date
    document: Text


class OnDay(BaseModel):
    """The day of something, and the document that it stands in."""

    on: dt.date
    document: Text


class RetirementToRecord(BaseModel):
    """A retirement. `pension`: the old-age pension a month."""

    on: dt.date
    pension: YuanFromZero
    document: Text


class StopToRecord(BaseModel):
    """What benefits stop for. `case`: a code of `benefit.stop_grounds`."""

    case: Code
    since: dt.date
    document: Text


def entitlement_view(known: Entitlement) -> EntitlementView:
    kept = set(EntitlementView.model_fields) - {"claim_id"}
    return EntitlementView(claim_id=known.id, **known.model_dump(include=kept))
