"""What complaints tells of credit listings: serious violations published, wage arrears listed."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District
from shared.contracts.registry.restrictions import RestrictedField

LISTING = Topic("complaints.listing", partitions=1)


class ListingFact(Fact, frozen=True, kw_only=True):
    """An enterprise on the list of those who have seriously broken trust (严重失信主体名单; 德人社发〔2022〕95 号 art. 5, 11).

    `restricts` are the restricted fields of the law of that day; `until` is the listing's last day.
    """

    listing_id: Id
    uscc: Id
    case_id: Id | None
    listed_on: date
    until: date
    restricts: tuple[RestrictedField, ...]


@event("cn.deyang.complaints.enterprise.listed.v1", topic=LISTING, key="uscc")
class EnterpriseListed(ListingFact, frozen=True, kw_only=True):
    """An enterprise was listed, or its listing extended."""


@event("cn.deyang.complaints.enterprise.delisted.v1", topic=LISTING, key="uscc")
class EnterpriseDelisted(ListingFact, frozen=True, kw_only=True):
    """A listing has ended; `delisted_on` was its last day."""

    delisted_on: date
    reason: Literal["expired", "corrected", "revoked"]


@event("cn.deyang.complaints.credit.notified.v1", topic=LISTING, key="uscc")
class CreditNotified(Fact, frozen=True, kw_only=True):
    """An enterprise is told that it is to be listed, or its violation published; it may speak until `speak_until`.

    `lead_department` intends it, in its district; null where an earlier version told of it."""

    listing_id: Id
    number: str
    uscc: Id
    kind: Literal["serious_violation", "wage_arrears"]
    speak_until: date
    lead_department: str | None = None
    district: District | None = None
