"""Nominations for professional titles."""

from __future__ import annotations

from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District

TITLE = Topic("subsidies.title", partitions=1)

TitleRank = Literal["assistant", "intermediate", "associate_senior", "senior"]
"""初级（助理级、员级）、中级、副高级、正高级。"""

NominationOutcome = Literal["returned", "handed_in_again", "refused", "withdrawn", "forwarded"]


class TitleFact(Fact, frozen=True, kw_only=True):
    """A worker nominated for a professional title (职称). `platform`: the one that nominated; null where an association did."""

    nomination_id: Id
    number: str
    worker_id: Id
    platform: Id | None
    title: str
    district: District
    lead_department: Id


@event("cn.deyang.subsidies.title.nominated.v1", topic=TITLE, key="nomination_id")
class TitleNominated(TitleFact, frozen=True, kw_only=True):
    """Somebody has nominated the worker."""

    nominator_name: str


@event("cn.deyang.subsidies.title.checked.v1", topic=TITLE, key="nomination_id")
class TitleChecked(TitleFact, frozen=True, kw_only=True):
    """A nomination was returned for what it lacks, handed in again, refused, taken back, or forwarded to the review body."""

    outcome: NominationOutcome


@event("cn.deyang.subsidies.title.decided.v1", topic=TITLE, key="nomination_id")
class TitleDecided(TitleFact, frozen=True, kw_only=True):
    """The review body has decided."""

    awarded: bool
