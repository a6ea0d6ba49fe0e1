"""What complaints tells of evidence that is registered and kept where it is."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District

PRESERVATION = Topic("complaints.preservation")


class PreservationFact(Fact, frozen=True, kw_only=True):
    """Evidence that is registered and kept at an enterprise (先行登记保存). Its origin and its list never travel."""

    preservation_id: Id
    number: str
    uscc: Id
    lead_department: str
    district: District


@event("cn.deyang.complaints.preservation.made.v1", topic=PRESERVATION, key="preservation_id")
class PreservationMade(PreservationFact, frozen=True, kw_only=True):
    """Things are kept by leave of the head: nobody destroys or moves them; what becomes of them is decided until `decide_by`."""

    decide_by: date


@event("cn.deyang.complaints.preservation.ended.v1", topic=PRESERVATION, key="preservation_id")
class PreservationEnded(PreservationFact, frozen=True, kw_only=True):
    """Nothing is kept any more: the things were given back, taken to the file, given to be examined or handed to another body; or
    nobody decided in time (`lapsed`)."""

    outcome: Literal["returned", "filed", "examined", "transferred", "lapsed"]
