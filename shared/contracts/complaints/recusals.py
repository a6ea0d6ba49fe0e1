"""What complaints tells of requests that an officer stay away from a matter."""

from __future__ import annotations

from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District

RECUSAL = Topic("complaints.recusal")


class RecusalFact(Fact, frozen=True, kw_only=True):
    """A party's request that an officer stay away. What was written never travels, nor whom it is about."""

    request_id: Id
    matter_kind: Literal["case", "dispute", "penalty"]
    lead_department: str
    district: District


@event("cn.deyang.complaints.recusal.asked.v1", topic=RECUSAL, key="request_id")
class RecusalAsked(RecusalFact, frozen=True, kw_only=True):
    """A party asks that an officer stay away; the chief of the office decides (行政处罚法 art. 43)."""

    number: str


@event("cn.deyang.complaints.recusal.decided.v1", topic=RECUSAL, key="request_id")
class RecusalDecided(RecusalFact, frozen=True, kw_only=True):
    """A request is decided. Who asked: the worker, but for a confidential case, or the enterprise."""

    worker_id: Id | None
    uscc: Id | None
    outcome: Literal["agreed", "refused"]
