"""What complaints tells of joint enforcement by several departments."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypedDict

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District

JOINT = Topic("complaints.joint")


class JointFact(Fact, frozen=True, kw_only=True):
    """Joint enforcement by several departments (德人社发〔2022〕95 号 art. 16). What they write never travels.

    `lead_department` leads; `departments` have a part each. `uscc` is the enterprise that it is about.
    """

    joint_id: Id
    number: str
    article: str
    uscc: Id
    district: District
    lead_department: str
    departments: tuple[str, ...]


class JointFields(TypedDict):
    """The fields of `JointFact`, for whoever makes its events."""

    joint_id: Id
    number: str
    article: str
    uscc: Id
    district: District
    lead_department: str
    departments: tuple[str, ...]


@event("cn.deyang.complaints.joint.part_asked.v1", topic=JOINT, key="joint_id")
class JointPartAsked(JointFact, frozen=True, kw_only=True):
    """A department is asked for its part, for the first time or again (`again`)."""

    department: str
    due_on: date
    again: bool


@event("cn.deyang.complaints.joint.part_answered.v1", topic=JOINT, key="joint_id")
class JointPartAnswered(JointFact, frozen=True, kw_only=True):
    """A department has answered; `waiting` others have not yet."""

    department: str
    in_time: bool
    waiting: int


@event("cn.deyang.complaints.joint.part_missed.v1", topic=JOINT, key="joint_id")
class JointPartMissed(JointFact, frozen=True, kw_only=True):
    """A department has not answered in time; the lead department hears too."""

    department: str
    due_on: date


@event("cn.deyang.complaints.joint.concluded.v1", topic=JOINT, key="joint_id")
class JointConcluded(JointFact, frozen=True, kw_only=True):
    """The lead department has drawn the one result. `missing`: departments that had not answered when it decided."""

    outcome: Literal["no_violation", "corrected", "ordered", "punished", "referred"]
    missing: tuple[str, ...]
    concluded_on: date
