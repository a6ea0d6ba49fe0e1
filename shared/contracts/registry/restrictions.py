"""What the registry tells of restrictions: one violation restricts everywhere (德人社发〔2022〕95 号 art. 11)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event

RESTRICTION = Topic("registry.restriction", partitions=1)

RestrictedField = Literal[
    "government_funds", "procurement", "bidding", "credit", "market_access", "tax_preference", "awards", "travel"
]
"""The codes of the dated parameter `credit.restricted_fields`."""


class RestrictionFact(Fact, frozen=True, kw_only=True):
    """What a credit listing stops an enterprise from, both days included; `until` is null while there is no end."""

    restriction_id: Id
    uscc: Id
    listing_id: Id
    fields: tuple[RestrictedField, ...]
    since: date
    until: date | None


@event("cn.deyang.registry.restriction.applied.v1", topic=RESTRICTION, key="uscc")
class RestrictionApplied(RestrictionFact, frozen=True, kw_only=True):
    """An enterprise is restricted."""


@event("cn.deyang.registry.restriction.lifted.v1", topic=RESTRICTION, key="uscc")
class RestrictionLifted(RestrictionFact, frozen=True, kw_only=True):
    """A restriction has ended; `until` was its last day."""

    reason: Literal["delisted", "expired", "withdrawn"]
