"""People recognised as hard to employ."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District

RECOGNITION = Topic("subsidies.recognition", partitions=1)

RecognitionEnding = Literal["employed", "expired", "unchecked", "revoked", "own_wish"]
"""已就业；期满；未通过年度核查；撤销；本人申请退出。"""


class RecognitionFact(Fact, frozen=True, kw_only=True):
    """A person is recognised as hard to employ (就业困难人员认定); in which category is nobody's to hear."""

    recognition_id: Id
    number: str
    worker_id: Id
    district: District
    lead_department: Id


@event("cn.deyang.subsidies.recognition.recorded.v1", topic=RECOGNITION, key="recognition_id")
class RecognitionRecorded(RecognitionFact, frozen=True, kw_only=True):
    """It holds from `since` on, both days included; `until` is null while no end is set. Told again where an end was taken back."""

    since: date
    until: date | None


@event("cn.deyang.subsidies.recognition.ended.v1", topic=RECOGNITION, key="recognition_id")
class RecognitionEnded(RecognitionFact, frozen=True, kw_only=True):
    """It has ended; `ended_on` was its last day."""

    ended_on: date
    ending: RecognitionEnding


@event("cn.deyang.subsidies.recognition.check_near.v1", topic=RECOGNITION, key="recognition_id")
class RecognitionCheckNear(RecognitionFact, frozen=True, kw_only=True):
    """The last day of the yearly check is near."""

    check_by: date


@event("cn.deyang.subsidies.recognition.check_overdue.v1", topic=RECOGNITION, key="recognition_id")
class RecognitionCheckOverdue(RecognitionFact, frozen=True, kw_only=True):
    """The yearly check was not made in time."""

    check_by: date


@event("cn.deyang.subsidies.recognition.assistance_offered.v1", topic=RECOGNITION, key="recognition_id")
class AssistanceOffered(RecognitionFact, frozen=True, kw_only=True):
    """The office has offered help to work (就业援助)."""


@event("cn.deyang.subsidies.recognition.assistance_overdue.v1", topic=RECOGNITION, key="recognition_id")
class AssistanceOverdue(RecognitionFact, frozen=True, kw_only=True):
    """Nobody has offered help to work until `due_on`."""

    due_on: date
