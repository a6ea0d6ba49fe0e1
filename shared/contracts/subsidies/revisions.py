"""What is decided again."""

from __future__ import annotations

from typing import Literal

from shared.contracts.base import Id, SignedMoney, event
from shared.contracts.subsidies.applications import APPLICATION, FiledFact


@event("cn.deyang.subsidies.revision.opened.v1", topic=APPLICATION, key="application_id")
class RevisionOpened(FiledFact, frozen=True, kw_only=True):
    """What is known now gives another result than was decided. `difference` in yuan: to be paid where above zero, owed back
    where below, null where an officer must say."""

    revision_id: Id
    difference: SignedMoney | None


@event("cn.deyang.subsidies.revision.decided.v1", topic=APPLICATION, key="application_id")
class RevisionDecided(FiledFact, frozen=True, kw_only=True):
    """Two officers have decided what follows; `difference` in yuan."""

    revision_id: Id
    outcome: Literal["supplemented", "recovered", "dropped"]
    difference: SignedMoney
