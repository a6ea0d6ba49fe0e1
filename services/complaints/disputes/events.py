"""What complaints publishes of a dispute: once for each worker, and to the enterprises and the department with the first; that
somebody asks to join to those alone who act for the workers, and the answer to who asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal, TypedDict

from services.complaints.disputes.documents import Added, Dispute
from services.complaints.disputes.state_rules import Applicant, Move, State
from shared.contracts.base import Fact
from shared.contracts.complaints import (
    DisputeAwarded,
    DisputeJoiningAnswered,
    DisputeJoiningAsked,
    DisputeLimitationNear,
    DisputeOpened,
    DisputeOverdue,
    DisputePartyAdded,
    DisputePartySucceeded,
    DisputeStepped,
    Forum,
    SuccessionGround,
)


class _Fields(TypedDict):
    """The fields of every event on a dispute."""

    dispute_id: str
    number: str
    worker_id: str
    platforms: tuple[str, ...]
    first: bool
    lead_department: str
    district: str
    forum: Forum | None


def opened(dispute: Dispute, due_on: dt.date) -> Iterator[Fact]:
    for fields in _fields(dispute):
        yield DisputeOpened(**fields, relation=dispute.relation, due_on=due_on)


def stepped(dispute: Dispute, step: Move, before: State, applicant: Applicant | None = None) -> Iterator[Fact]:
    """A step. `applicant`: the side that another one answers in it, where that is not the dispute's."""
    for fields in _fields(dispute):
        yield DisputeStepped(
            **fields,
            step=step,
            before=before,
            state=dispute.state,
            due_on=dispute.due_on,
            applicant=applicant or dispute.applicant,
        )


def awarded(dispute: Dispute) -> Iterator[Fact]:
    enterprise_by = dispute.set_aside_by or dispute.sue_by["enterprise"]
    for fields in _fields(dispute):
        told = fields["platforms"]
        fields["platforms"] = tuple(one for one in told if one in dispute.respondents)
        yield DisputeAwarded(
            **fields,
            final=dispute.after == "final",
            worker_sues_by=dispute.sue_by["worker"],
            enterprise_by=enterprise_by,
            third_parties=tuple(one for one in told if one not in dispute.respondents),
        )


def overdue(
    dispute: Dispute, step: Literal["accept", "award", "counter_accept"], applicant: Applicant | None = None
) -> Iterator[Fact]:
    """Of what was not decided in time, told to the parties: it is they who may sue. `applicant`: who applied, if not who did first."""
    for fields in _fields(dispute):
        fields["platforms"] = tuple(one for one in fields["platforms"] if one in dispute.respondents)
        yield DisputeOverdue(**fields, step=step, applicant=applicant or dispute.applicant)


def limitation_near(dispute: Dispute, limitation_on: dt.date) -> Iterator[Fact]:
    for fields in _fields(dispute):
        yield DisputeLimitationNear(**fields, limitation_on=limitation_on)


def party_added(dispute: Dispute, added: Added) -> Iterator[Fact]:
    for fields in _fields(dispute):
        fields["platforms"] = tuple(one for one in fields["platforms"] if one != added.enterprise)
        yield DisputePartyAdded(
            **fields, uscc=added.enterprise if fields["first"] else None, role=added.role, answer_by=added.answer_by
        )


def party_succeeded(dispute: Dispute, enterprise: str, ground: SuccessionGround) -> Iterator[Fact]:
    for fields in _fields(dispute):
        yield DisputePartySucceeded(**fields, uscc=enterprise, ground=ground)


def joining_asked(dispute: Dispute) -> Iterator[Fact]:
    for fields in _fields(dispute):
        if fields["worker_id"] in dispute.speakers:
            fields["platforms"], fields["first"] = (), False
            yield DisputeJoiningAsked(**fields)


def joining_answered(
    dispute: Dispute, worker_id: str, reason: Literal["answered", "over"], *, agreed: bool
) -> DisputeJoiningAnswered:
    return DisputeJoiningAnswered(**_fields_for(dispute, worker_id, first=False), agreed=agreed, reason=reason)


def _fields(dispute: Dispute) -> Iterator[_Fields]:
    for place, worker_id in enumerate(dispute.workers):
        yield _fields_for(dispute, worker_id, first=place == 0)


def _fields_for(dispute: Dispute, worker_id: str, *, first: bool) -> _Fields:
    return {
        "dispute_id": dispute.id,
        "number": dispute.number,
        "worker_id": worker_id,
        "platforms": tuple(dispute.enterprises) if first else (),
        "first": first,
        "lead_department": dispute.department,
        "district": dispute.district,
        "forum": dispute.forum,
    }
