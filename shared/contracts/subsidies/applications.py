"""Applications of every kind, and what becomes of them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Money, Topic, event
from shared.contracts.platform import District

APPLICATION = Topic("subsidies.application")


class ApplicationFact(Fact, frozen=True, kw_only=True):
    application_id: Id
    number: str
    worker_id: Id
    certificate_id: Id | None


@event("cn.deyang.subsidies.application.submitted.v1", topic=APPLICATION, key="application_id")
class ApplicationSubmittedV1(ApplicationFact, frozen=True, kw_only=True):
    """Published no more: version 2 tells of every kind and applicant."""


@event("cn.deyang.subsidies.application.approved.v1", topic=APPLICATION, key="application_id")
class ApplicationApprovedV1(ApplicationFact, frozen=True, kw_only=True):
    """Published no more. `amount` is yuan; null where no amount is published and an officer sets it."""

    amount: Money | None


@event("cn.deyang.subsidies.application.refused.v1", topic=APPLICATION, key="application_id")
class ApplicationRefusedV1(ApplicationFact, frozen=True, kw_only=True):
    """Published no more. `reasons` are codes of the rules that are not met."""

    reasons: tuple[str, ...]


class FiledFact(Fact, frozen=True, kw_only=True):
    """An application of any kind. `title`: what the kind is called in Chinese. Of `worker_id`, `platform`, `provider` and
    `union_id` the one that applies is there, none for a community; `lead_department`: whose officers check it. `filing_union`:
    the subject of whoever files it for a trade union as the applicant's agent; null where no union does, or its mandate is over."""

    application_id: Id
    number: str
    kind: Id
    title: str
    worker_id: Id | None
    platform: Id | None
    provider: Id | None
    union_id: Id | None
    district: District
    lead_department: Id
    filing_union: Id | None = None


@event("cn.deyang.subsidies.application.submitted.v2", topic=APPLICATION, key="application_id")
class ApplicationSubmitted(FiledFact, frozen=True, kw_only=True):
    """`by_agent`: somebody else filed it in the applicant's name."""

    by_agent: bool


@event("cn.deyang.subsidies.application.accepted.v1", topic=APPLICATION, key="application_id")
class ApplicationAccepted(FiledFact, frozen=True, kw_only=True):
    """It is complete. `due_on`: the last day to decide on it, null where no term is known."""

    due_on: date | None


@event("cn.deyang.subsidies.application.supplement_asked.v1", topic=APPLICATION, key="application_id")
class SupplementAsked(FiledFact, frozen=True, kw_only=True):
    """Something is missing, and is handed in by the end of `until`. `reminder`: it was said before, and that day is near."""

    until: date
    reminder: bool = False


@event("cn.deyang.subsidies.application.withdrawn.v1", topic=APPLICATION, key="application_id")
class ApplicationWithdrawn(FiledFact, frozen=True, kw_only=True):
    """It was taken back. `lapsed`: what was missing did not come in time."""

    lapsed: bool


@event("cn.deyang.subsidies.application.approved.v2", topic=APPLICATION, key="application_id")
class ApplicationApproved(FiledFact, frozen=True, kw_only=True):
    """`amount` is yuan; null for a kind under which nothing is paid."""

    amount: Money | None


@event("cn.deyang.subsidies.application.refused.v2", topic=APPLICATION, key="application_id")
class ApplicationRefused(FiledFact, frozen=True, kw_only=True):
    """`reasons` are codes of the grounds that stand against it."""

    reasons: tuple[str, ...]


@event("cn.deyang.subsidies.application.queued.v1", topic=APPLICATION, key="application_id")
class ApplicationQueued(FiledFact, frozen=True, kw_only=True):
    """It is approved, and the budget is exhausted: it waits in order. `amount` is yuan."""

    amount: Money


@event("cn.deyang.subsidies.application.deadline_near.v1", topic=APPLICATION, key="application_id")
class ApplicationDeadlineNear(FiledFact, frozen=True, kw_only=True):
    """The last day to decide on it is near."""

    due_on: date


@event("cn.deyang.subsidies.application.overdue.v1", topic=APPLICATION, key="application_id")
class ApplicationOverdue(FiledFact, frozen=True, kw_only=True):
    """The last day to decide on it has passed."""

    due_on: date


@event("cn.deyang.subsidies.application.appealed.v1", topic=APPLICATION, key="application_id")
class DecisionAppealed(FiledFact, frozen=True, kw_only=True):
    """The applicant contests the decision: before the reviewing authority, or in court."""

    forum: Literal["review", "court"]


@event("cn.deyang.subsidies.application.appeal_decided.v1", topic=APPLICATION, key="application_id")
class AppealDecided(FiledFact, frozen=True, kw_only=True):
    """What came of that: the decision is upheld, or the application is decided on anew."""

    upheld: bool


@event("cn.deyang.subsidies.assistance.told.v1", topic=APPLICATION, key="application_id")
class AssistanceTold(Fact, frozen=True, kw_only=True):
    """Something happened to an application of which nobody but the applicant hears."""

    application_id: Id
    number: str
    worker_id: Id
    what: Literal["submitted", "accepted", "supplement_asked", "withdrawn", "approved", "refused", "appeal_decided"]
