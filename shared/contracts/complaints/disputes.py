"""What complaints tells of disputes, from grievance to court."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District, Relation

DISPUTE = Topic("complaints.dispute")

Forum = Literal["people", "arbitration", "court", "union", "trade", "enterprise"]
"""The body that mediates or decides: people's mediation, the arbitration commission, the court, the union, the trade's or the
enterprise's mediation committee (劳动争议调解仲裁法 art. 10)."""

DisputeState = Literal[
    "grievance", "negotiation", "open", "mediation", "agreed", "confirming", "breached", "payment_order", "filed", "refused",
    "arbitration", "awarded", "awarded_finally", "setting_aside", "set_aside", "court_filed", "court", "judged", "effective",
    "execution", "performed", "withdrawn", "closed",
]  # fmt: skip

DisputeMove = Literal[
    "answer", "settle", "fail", "lapse", "negotiate", "mediate", "apply", "sue", "perform", "consent", "ask_confirmation", "confirm",
    "deny", "breach", "ask_payment_order", "issue_order", "end_order", "accept", "refuse", "leave", "leave_award",
    "leave_final", "serve", "defend", "copy_defence", "name_panel", "set_hearing", "extend", "pause", "resume", "advance",
    "award_part", "award", "award_finally", "ask_to_set_aside", "reject", "set_aside", "judge", "appeal", "take_effect",
    "execute", "end_execution", "withdraw", "counter_apply", "counter_accept", "counter_refuse", "counter_apart",
    "counter_defend", "counter_leave", "counter_sue", "join", "joined",
]  # fmt: skip


DisputeApplicant = Literal["worker", "enterprise"]
DisputePartyRole = Literal["respondent", "third_party"]
SuccessionGround = Literal["merger", "division"]


class DisputeFact(Fact, frozen=True, kw_only=True):
    """A dispute, told once for each worker in it. What is claimed and said never travels.

    `platforms` are the enterprises on the other side. `first`: this is the one of several that tells the enterprises and the
    department, so that they hear once; `platforms` is empty in the others.
    """

    dispute_id: Id
    number: str
    worker_id: Id
    platforms: tuple[Id, ...]
    first: bool
    lead_department: str
    district: District
    forum: Forum | None


@event("cn.deyang.complaints.dispute.opened.v1", topic=DISPUTE, key="dispute_id")
class DisputeOpened(DisputeFact, frozen=True, kw_only=True):
    """A grievance is put to the enterprise, which answers by `due_on`."""

    relation: Relation
    due_on: date


@event("cn.deyang.complaints.dispute.stepped.v1", topic=DISPUTE, key="dispute_id")
class DisputeStepped(DisputeFact, frozen=True, kw_only=True):
    """A step was taken, or happened by itself; `due_on` is the last day of what is open then, where there is one. `applicant`: the
    side that brought the dispute; where that is an enterprise, the worker answers."""

    step: DisputeMove
    before: DisputeState
    state: DisputeState
    due_on: date | None
    applicant: DisputeApplicant = "worker"


@event("cn.deyang.complaints.dispute.awarded.v1", topic=DISPUTE, key="dispute_id")
class DisputeAwarded(DisputeFact, frozen=True, kw_only=True):
    """An award (劳动争议调解仲裁法 art. 47-50). `worker_sues_by`, `enterprise_by`: the last days to sue, and for the enterprise to sue
    or, where the award is final, to ask that it be set aside. `third_parties`: enterprises that only the outcome touches, who
    are told of it and have no such day."""

    final: bool
    worker_sues_by: date
    enterprise_by: date
    third_parties: tuple[Id, ...] = ()


@event("cn.deyang.complaints.dispute.overdue.v1", topic=DISPUTE, key="dispute_id")
class DisputeOverdue(DisputeFact, frozen=True, kw_only=True):
    """Arbitration has not taken up or not decided the dispute in time: who applied may sue, and on what is not decided the other side
    too (art. 29, 43). `counter_accept`: it has not decided whether to take up a counter-application, on which who filed it may
    sue; `applicant` is the side that did not. `platforms` are the parties: others have no right that begins with it."""

    step: Literal["accept", "award", "counter_accept"]
    applicant: DisputeApplicant = "worker"


@event("cn.deyang.complaints.dispute.limitation_near.v1", topic=DISPUTE, key="dispute_id")
class DisputeLimitationNear(DisputeFact, frozen=True, kw_only=True):
    """The limitation of a claim ends soon, and no deciding procedure has begun (art. 27)."""

    limitation_on: date


@event("cn.deyang.complaints.dispute.joining_asked.v1", topic=DISPUTE, key="dispute_id")
class DisputeJoiningAsked(DisputeFact, frozen=True, kw_only=True):
    """Somebody asks to join, told to each worker who acts for those in it, and to no enterprise (`platforms` is empty). Who asks is
    not said: whoever agrees to it reads it in the dispute."""


@event("cn.deyang.complaints.dispute.joining_answered.v1", topic=DISPUTE, key="dispute_id")
class DisputeJoiningAnswered(DisputeFact, frozen=True, kw_only=True):
    """Whether who asked to join a dispute, `worker_id`, is in it; told to no enterprise (`platforms` is empty)."""

    agreed: bool
    reason: Literal["answered", "over"]


@event("cn.deyang.complaints.dispute.party_added.v1", topic=DISPUTE, key="dispute_id")
class DisputePartyAdded(DisputeFact, frozen=True, kw_only=True):
    """An enterprise, `uscc`, has become party to a dispute in arbitration (劳动争议调解仲裁法 art. 22, 23). It answers by `answer_by`;
    null where the copies of the application are still to be served. `platforms` are the others; both are told in the first alone."""

    uscc: Id | None
    role: DisputePartyRole
    answer_by: date | None


@event("cn.deyang.complaints.dispute.party_succeeded.v1", topic=DISPUTE, key="dispute_id")
class DisputePartySucceeded(DisputeFact, frozen=True, kw_only=True):
    """What an enterprise, `uscc`, was merged into or divided into has taken its place in a dispute (解释（一） art. 26). `platforms`
    are the enterprises from then on."""

    uscc: Id
    ground: SuccessionGround
