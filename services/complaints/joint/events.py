"""What complaints publishes of joint tasks: who has a part, and never what they write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from services.complaints.joint.documents import JointTask, Part
from shared.contracts.complaints import (
    JointConcluded,
    JointFields,
    JointPartAnswered,
    JointPartAsked,
    JointPartMissed,
)


def asked(task: JointTask, part: Part) -> JointPartAsked:
    return JointPartAsked(**_fields(task), department=part.department, due_on=part.due_on, again=part.rounds > 1)


def answered(task: JointTask, part: Part, in_time: bool) -> JointPartAnswered:
    return JointPartAnswered(**_fields(task), department=part.department, in_time=in_time, waiting=len(task.waiting))


def missed(task: JointTask, part: Part) -> JointPartMissed:
    return JointPartMissed(**_fields(task), department=part.department, due_on=part.due_on)


def concluded(task: JointTask, missing: Collection[str], on: dt.date) -> JointConcluded:
    assert task.outcome is not None
    return JointConcluded(**_fields(task), outcome=task.outcome, missing=tuple(missing), concluded_on=on)


def _fields(task: JointTask) -> JointFields:
    return {
        "joint_id": task.id,
        "number": task.number,
        "article": task.article,
        "uscc": task.enterprise,
        "district": task.district,
        "lead_department": task.lead_department,
        "departments": tuple(task.departments),
    }
