"""Bodies that train or evaluate."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Sealed, Topic, event
from shared.contracts.platform import District

PROVIDER = Topic("subsidies.provider", partitions=1)

ProviderKind = Literal["technical_school", "vocational_school", "training_body", "courier_base", "evaluation_body"]
"""技工院校、职业院校、职业培训机构、省级快递员职业技能培训示范基地；职业技能等级评价机构。"""


class ProviderFact(Fact, frozen=True, kw_only=True):
    """A filing of a body that trains or evaluates. `provider`: its credit code; `lead_department`: whose officers check it."""

    filing_id: Id
    provider: Id
    kind: ProviderKind
    name: str
    district: District
    lead_department: Id


@event("cn.deyang.subsidies.provider.submitted.v1", topic=PROVIDER, key="filing_id")
class ProviderSubmitted(ProviderFact, frozen=True, kw_only=True):
    """A body asks to be put on file. `for_notifier_provider` {phone} is sealed, with a ring that subsidies and the notifier
    alone hold."""

    for_notifier_provider: Sealed


@event("cn.deyang.subsidies.provider.checked.v1", topic=PROVIDER, key="filing_id")
class ProviderChecked(ProviderFact, frozen=True, kw_only=True):
    """An officer has put it on file for days, both included, renewed that, or refused it; the days are null then."""

    accepted: bool
    valid_from: date | None
    valid_to: date | None


@event("cn.deyang.subsidies.provider.expiring.v1", topic=PROVIDER, key="filing_id")
class ProviderExpiring(ProviderFact, frozen=True, kw_only=True):
    """The last day of a filing is near."""

    valid_to: date


@event("cn.deyang.subsidies.provider.suspended.v1", topic=PROVIDER, key="filing_id")
class ProviderSuspended(ProviderFact, frozen=True, kw_only=True):
    """It takes no new programme and no new enrolment until it is resumed."""


@event("cn.deyang.subsidies.provider.resumed.v1", topic=PROVIDER, key="filing_id")
class ProviderResumed(ProviderFact, frozen=True, kw_only=True):
    """A suspension is over."""


@event("cn.deyang.subsidies.provider.ended.v1", topic=PROVIDER, key="filing_id")
class ProviderEnded(ProviderFact, frozen=True, kw_only=True):
    """A filing is over: its last day has passed, an officer removed it, or the body took it back before it was checked."""

    ending: Literal["expired", "removed", "withdrawn"]
