"""What HTTP shows of applications."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Self

from pydantic import BaseModel, Field

from services.subsidies.applications.documents import Application, GroundFound, Served, TellApart, clear_text
from services.subsidies.applications.kinds import KINDS, Kind, kind_of
from services.subsidies.applications.rules import COMMON_GROUNDS, OTHER, Move, State
from services.subsidies.applications.serving_commands import remedies_of
from services.subsidies.decisions.rules import ApplicantKind
from shared.identity.masking import mask_bank_account, mask_name
from shared.policy.parameters import Used
from shared.policy.serving import ServiceWay
from shared.storage.fields import Yuan


class ApplicationGroundView(BaseModel):
    """A condition: its code, what it says, whether it is met (null: a person judges), and where it stands."""

    code: str
    text: str
    met: bool | None
    document: str | None = None
    article: str | None = None

    @classmethod
    def of(cls, found: GroundFound, kind: Kind) -> Self:
        return cls(text=text_of(found.code, kind), **found.model_dump())


class ProposalView(BaseModel):
    """What the machine proposes, with its reasons; a person decides. `met`: whether every condition is (null: a person
    judges one); `barred`: conditions of every kind that are not; `amount`: yuan, null where an officer sets it; `alike`: what an
    officer tells apart, of each what is asked for and what was paid for before."""

    made_at: dt.datetime
    met: bool | None
    barred: list[ApplicationGroundView]
    amount: Yuan | None
    grounds: list[ApplicationGroundView]
    used: list[Used]
    alike: list[TellApart]


class ReviewView(BaseModel):
    """What the first officer found."""

    approve: bool
    judged: list[str]
    against: list[str]
    amount: Yuan | None
    note: str | None


class ServiceView(BaseModel):
    """A decision that was served: `letter` names it by its day and number; its terms run from `served_on`. `corrected_at`: when it was
    found to have been recorded wrongly. `evidence` and `corrected_for` for officers."""

    letter: str
    way: ServiceWay
    on: dt.date
    served_on: dt.date
    evidence: str | None
    corrected_at: dt.datetime | None
    corrected_for: str | None


class ApplicationStepView(BaseModel):
    """Something that was done to an application; `by` and `reason` for its officers."""

    at: dt.datetime
    move: Move
    by: str | None
    reason: str | None


class ApplicationView(BaseModel):
    """An application. `grounds`: for which it was refused; `due_on`: the last day to decide on it."""

    application_id: str
    number: str
    kind: str
    title: str
    applicant_kind: ApplicantKind
    applicant_id: str
    name: str
    by_agent: bool
    district: str
    department: str | None = Field(description="whose officers check it; null while it is a draft")
    state: State
    filed_on: dt.date | None
    supplement_until: dt.date | None
    due_on: dt.date | None
    overdue: bool
    notice_since: dt.date | None
    notice_until: dt.date | None
    amount: Yuan | None
    grounds: list[ApplicationGroundView]
    decided_on: dt.date | None
    served_on: dt.date | None = Field(
        description="from when the terms to contest the decision run; null until it was served"
    )
    review_by: dt.date | None = Field(description="until when a review of the decision is asked for (行政复议)")
    sue_by: dt.date | None = Field(description="until when it is contested in court")

    @classmethod
    def of(cls, one: Application) -> Self:
        return cls.model_validate(_fields(one, set(ApplicationView.model_fields)))


class ApplicationDetail(ApplicationView):
    """The same with what was stated, what the machine proposes, and what was done."""

    stated: dict[str, Any]
    account: str | None = Field(description="the last digits of the account")
    supplement: str | None = Field(description="what is missing")
    reason: str | None = Field(description="why it was refused, besides the grounds")
    services: list[ServiceView]
    proposal: ProposalView | None
    review: ReviewView | None = Field(description="what the first officer found; for officers")
    objections: int
    open_objections: int
    decisions: int
    steps: list[ApplicationStepView]
    used: list[Used]

    @classmethod
    def for_reader(cls, one: Application, *, officer: bool) -> Self:
        """As an officer sees it, or the applicant and their agent."""
        kind = kind_of(one.kind)
        shown = _fields(one, set(ApplicationDetail.model_fields) - APART)
        proposal = one.proposal
        return cls.model_validate(
            shown
            | {
                "stated": json.loads(one.clear_stated),
                "account": _account(one),
                "supplement": clear_text(one.id, one.supplement),
                "reason": clear_text(one.id, one.review.note) if one.state == "refused" and one.review else None,
                "proposal": None
                if proposal is None
                else ProposalView(
                    grounds=[ApplicationGroundView.of(found, kind) for found in proposal.grounds],
                    met=proposal.met,
                    barred=[
                        ApplicationGroundView(code=code, text=text_of(code, kind), met=False)
                        for code in proposal.barred
                    ],
                    **proposal.model_dump(include={"made_at", "amount", "used", "alike"}),
                ),
                "services": [_service(one, served, officer=officer) for served in one.served],
                "review": _review(one) if officer else None,
                "steps": [
                    ApplicationStepView(
                        at=step.at,
                        move=step.move,
                        by=step.by if officer else None,
                        reason=clear_text(one.id, step.note) if officer or step.move in TOLD else None,
                    )
                    for step in one.steps
                ],
            }
        )


APART = frozenset({"stated", "account", "reason", "services", "proposal", "review", "steps"})
"""What of the detail is not simply a field of the application."""
TOLD = frozenset({"ask"})
"""Steps whose reason the applicant reads too."""


class KindView(BaseModel):
    """A kind of application. `stated`: the JSON Schema of what it asks; `grounds`: its conditions by code."""

    kind: str
    title: str
    applicants: list[ApplicantKind]
    department: str
    announced: bool = Field(description="whether it is on public notice before it is approved")
    fund: str | None = Field(description="the source of its money; null where nothing is paid")
    grounds: dict[str, str]
    stated: dict[str, Any]

    @classmethod
    def of(cls, kind: Kind) -> Self:
        return cls(
            kind=kind.code,
            title=kind.title,
            applicants=sorted(kind.applicants),
            department=kind.department,
            announced=kind.announced,
            fund=kind.fund,
            grounds=dict(kind.grounds) | dict(COMMON_GROUNDS),
            stated=kind.stated.model_json_schema(),
        )


def all_kinds() -> list[KindView]:
    return [KindView.of(kind) for kind in KINDS.values()]


def text_of(code: str, kind: Kind) -> str:
    """What a condition says."""
    return {**COMMON_GROUNDS, **kind.grounds}.get(code, COMMON_GROUNDS[OTHER])


def shown_name(one: Application) -> str:
    """The applicant's name as everybody may read it: a person's masked, a body's whole."""
    return mask_name(one.clear_name) if one.applicant_kind == "person" else one.clear_name


def _fields(one: Application, shown: set[str]) -> dict[str, Any]:
    kind, service, remedies = kind_of(one.kind), one.service, remedies_of(one)
    stored: dict[str, Any] = one.model_dump(include=shown - {"grounds", "name", "supplement"})
    return stored | {
        "served_on": service.served_on if service else None,
        "review_by": remedies.review_by,
        "sue_by": remedies.sue_by,
        "application_id": one.id,
        "title": kind.title,
        "name": shown_name(one),
        "by_agent": one.agent is not None,
        "grounds": [ApplicationGroundView(code=code, text=text_of(code, kind), met=False) for code in one.grounds],
    }


def _review(one: Application) -> ReviewView | None:
    if one.review is None:
        return None
    kept = one.review.model_dump(include={"approve", "judged", "against", "amount"})
    return ReviewView(**kept, note=clear_text(one.id, one.review.note))


def _service(one: Application, served: Served, *, officer: bool) -> ServiceView:
    wrong = served.corrected
    return ServiceView(
        **served.model_dump(include={"letter", "way", "on", "served_on"}),
        evidence=clear_text(one.id, served.evidence) if officer else None,
        corrected_at=wrong.at if wrong else None,
        corrected_for=clear_text(one.id, wrong.reason) if officer and wrong else None,
    )


def _account(one: Application) -> str | None:
    kept = one.clear_account
    return None if kept is None else mask_bank_account(json.loads(kept)["number"])
