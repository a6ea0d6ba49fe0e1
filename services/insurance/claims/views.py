"""Claims as callers see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import Response
from pydantic import BaseModel, Field

from services.insurance.claims import access
from services.insurance.claims.access import reads_detail
from services.insurance.claims.documents import DESCRIPTION, PLACE, Claim, Kin, OutletUnit
from services.insurance.claims.remedies import TEXTS, remedies_after_refusal
from services.insurance.claims.rules import ExtensionState, State
from services.insurance.claims.step_documents import (
    EXTENSION,
    LATE_REASON,
    NOTE,
    Appeal,
    Decision,
    Nursing,
    Role,
    StepName,
)
from services.insurance.letters.documents import Served
from services.insurance.letters.rules import service_on, silence
from services.insurance.letters.views import ServedView, served_views
from shared import clock
from shared.callers import Caller
from shared.contracts.insurance import ClaimStep, CoverCheck, Reporter, Scheme, Side
from shared.contracts.platform import Severity
from shared.identity.masking import mask_name, mask_phone, mask_text
from shared.policy import calendar
from shared.policy.parameters import MissingParameter, Used, parameters
from shared.storage.encryption import decrypt_field
from shared.web.etags import set_etag
from shared.web.scope import HRSS


class ClaimView(BaseModel):
    """An accident, how its cover stands, and how far the procedure is.

    `worker_id` is null while the registry has not told who the worker is. `cover` is what the orders show; `scheme` the
    insurance that the claim goes by; `outlet` the courier outlet through which the worker has it, with its insurer, who stands as
    the employer. `platform_apply_by`, `self_apply_by` and `due` are legal days: the last on which the
    platform, and the worker, next of kin or union, apply; and the last of each step under way.
    """

    claim_id: str
    number: str
    platform: str
    partner: str | None = Field(description="credit code of the partner firm that the worker works through")
    outlet: OutletUnit | None
    incident_id: str
    worker_ref: str
    worker_id: str | None
    order_id: str | None
    occurred_at: dt.datetime
    reported_at: dt.datetime
    reported_by: Reporter
    district: str
    severity: Severity
    fatal: bool
    cover: CoverCheck
    scheme: Scheme
    platform_apply_by: dt.date | None
    self_apply_by: dt.date | None
    state: State
    recognised: bool | None
    due: dict[ClaimStep, dt.date]


class Way(BaseModel):
    """What can be done instead: a code, and what it means in Chinese and English."""

    code: str
    zh: str
    en: str


class KinView(BaseModel):
    """The next of kin who reported or applied; name and phone masked."""

    relation: str
    name: str
    phone: str


class DecisionView(BaseModel):
    """A refusal or decision. `review_by`, `court_by`: the reader's own last days to appeal (an officer reads the worker's); null until
    the letter was served on them. `used`: the parameters it rests on."""

    number: str
    outcome: str
    reasons: list[str]
    decided_on: dt.date
    review_by: dt.date | None
    court_by: dt.date | None
    served: list[ServedView]
    used: list[Used]


class AssessmentView(BaseModel):
    """An assessment. `grade` is 1 (worst) to 10 and `nursing` the dependence on others' care, null where there is none.

    Both are shown to a platform only where it asked for the assessment (工伤保险条例 art. 25). `again_by`: the reader's own
    last day to ask the province for another, null until the conclusion was served on them.
    """

    kind: str
    requested_on: dt.date
    concluded_on: dt.date | None
    grade: int | None
    nursing: Nursing | None
    again_by: dt.date | None
    served: list[ServedView]


class AppealView(BaseModel):
    """A review (行政复议) or suit of a party. `served`: when the decision of a review was served on it, from which it may sue.
    `decide_by`: until when a review is decided in ordinary procedure; `sue_by`: until when the party sues where it was not
    (行政诉讼法 art. 45). A review that was left for the court is `not_decided`."""

    decision: str
    way: Literal["review", "court"]
    role: Role
    party: Side
    filed_on: dt.date
    late: bool
    outcome: Literal["upheld", "revoked", "withdrawn", "not_decided"] | None
    ended_on: dt.date | None
    decide_by: dt.date | None
    sue_by: dt.date | None
    served: list[ServedView]


class ExtensionView(BaseModel):
    """More time for the employer to apply (工伤保险条例 art. 17(1)). `reason` and `ground`: for officers and whoever asked."""

    state: ExtensionState
    asked_on: dt.date
    until: dt.date | None
    reason: str | None
    ground: str | None


class ClaimDetail(ClaimView):
    """With papers and what came of it. `place`, `description`, `kin`, `late_reason` and results of assessments are null
    for whoever need not read them, numbers of persons in them are masked. `missing_papers` are codes. `twins` and
    `merged` are claims about the same accident, for officers, and `merged_into` is where this one goes on;
    `other_platforms` those under whose orders the
    worker was at that moment too. `remedies`: what the worker can do where this insurance does not cover the accident.
    """

    place: str | None
    description: str | None
    kin: KinView | None
    applicant: Reporter | None
    late: bool
    late_reason: str | None
    kinds: list[str]
    papers: list[str]
    asked_papers: list[str]
    missing_papers: list[str]
    photos: int
    decisions: list[DecisionView]
    assessments: list[AssessmentView]
    appeals: list[AppealView]
    extension: ExtensionView | None
    remedies: list[Way]
    instead: list[Way] = Field(deprecated=True, description="the same as `remedies`")
    other_platforms: list[str]
    twins: list[str]
    merged: list[str]
    merged_into: str | None


class ClaimStepView(BaseModel):
    """One step: what (`event`), when, by which role, and how the claim stood after it. `by` is shown to officers."""

    at: dt.datetime
    event: StepName
    state: State
    role: str
    by: str | None
    note: str | None
    used: list[Used]


def view(claim: Claim) -> ClaimView:
    return ClaimView(claim_id=claim.id, **claim.model_dump(include=set(ClaimView.model_fields)))


def detail(claim: Claim, caller: Caller) -> ClaimDetail:
    """A claim as this caller may see it."""
    full = reads_detail(caller)
    officer = caller.role == "officer"
    application = claim.application
    late_reason = application.late_reason if application else None
    return ClaimDetail(
        **view(claim).model_dump(),
        place=_opened(PLACE, claim, claim.place) if full else None,
        description=_opened(DESCRIPTION, claim, claim.description) if full else None,
        kin=_kin(claim.clear_kin) if full else None,
        applicant=application.applicant if application else None,
        late=application.late if application else False,
        late_reason=_opened(LATE_REASON, claim, late_reason) if full and late_reason else None,
        missing_papers=missing_papers(claim),
        decisions=[_decision(one, claim, caller) for one in claim.decisions],
        assessments=_assessments(claim, caller),
        appeals=[_appeal(one, claim, caller) for one in claim.appeals],
        extension=_extension(claim, caller),
        remedies=ways(claim),
        instead=ways(claim),
        twins=claim.twins if officer else [],
        merged=claim.merged if officer else [],
        merged_into=claim.merged_into if full else None,
        **claim.model_dump(include={"kinds", "papers", "asked_papers", "photos", "other_platforms"}),
    )


def missing_papers(claim: Claim) -> list[str]:
    law = parameters.on(calendar.shanghai_date(clock.now()), place=claim.district)
    try:
        return claim.missing_papers(law)
    except MissingParameter:
        return []


def ways(claim: Claim) -> list[Way]:
    """What can be done instead: as the last decision says, or where no cover is found, what a refusal would say."""
    codes: list[str] = []
    if claim.decisions and claim.state in ("refused", "not_recognised", "closed"):
        codes = claim.decisions[-1].instead
    elif claim.cover == "not_covered" and not claim.recognised:
        codes = list(remedies_after_refusal(["not_covered"]))
    return [way_of(code) for code in codes]


def way_of(code: str) -> Way:
    texts: dict[str, tuple[str, str]] = {str(known): text for known, text in TEXTS.items()}
    zh, en = texts[code]
    return Way(code=code, zh=zh, en=en)


def history(claim: Claim, caller: Caller) -> list[ClaimStepView]:
    named = caller.is_officer_of(HRSS)
    return [
        ClaimStepView(
            **step.model_dump(exclude={"by", "note"}),
            by=step.by if named else None,
            note=step.note and _opened(NOTE, claim, step.note),
        )
        for step in claim.history
    ]


def _assessments(claim: Claim, caller: Caller) -> list[AssessmentView]:
    shown: list[AssessmentView] = []
    for one in claim.assessments:
        result = {"grade": one.grade, "nursing": one.nursing}
        if not reads_detail(caller) and not (caller.role == "platform" and one.requested_by == "platform"):
            result = {"grade": None, "nursing": None}
        known = one.model_dump(include={"kind", "requested_on", "concluded_on"})
        own = service_on(access.side_of(caller, claim), one.served)
        known |= {"again_by": own.again_by if own else None, "served": _served(one.served, claim, caller)}
        shown.append(AssessmentView.model_validate({**known, **result}))
    return shown


def _decision(one: Decision, claim: Claim, caller: Caller) -> DecisionView:
    own = service_on(access.side_of(caller, claim), one.served)
    return DecisionView(
        **one.model_dump(include={"number", "outcome", "reasons", "decided_on", "used"}),
        review_by=own.review_by if own else None,
        court_by=own.court_by if own else None,
        served=_served(one.served, claim, caller),
    )


def _appeal(one: Appeal, claim: Claim, caller: Caller) -> AppealView:
    known = one.model_dump(include=set(AppealView.model_fields) - {"party", "served", "decide_by", "sue_by"})
    waits = one.way == "review" and one.outcome in (None, "not_decided")
    silent = silence(one.filed_on, parameters.on(one.filed_on, place=claim.district)) if waits else None
    return AppealView(
        **known,
        party=one.side,
        served=_served(one.served, claim, caller),
        decide_by=silent.over_on if silent else None,
        sue_by=silent.sue_by if silent else None,
    )


def _served(served: Sequence[Served], claim: Claim, caller: Caller) -> list[ServedView]:
    own = None if caller.role == "officer" else access.side_of(caller, claim)
    return served_views(served, claim.id, own, proven=caller.is_officer_of(HRSS))


def _extension(claim: Claim, caller: Caller) -> ExtensionView | None:
    asked = claim.extension
    if asked is None:
        return None
    reads = caller.is_officer_of(HRSS) or (caller.role == "platform" and caller.uscc == asked.unit)
    return ExtensionView(
        **asked.model_dump(include={"state", "asked_on", "until"}),
        reason=_opened(EXTENSION, claim, asked.reason) if reads else None,
        ground=_opened(EXTENSION, claim, asked.ground) if reads and asked.ground else None,
    )


def _opened(place: str, claim: Claim, value: str) -> str:
    return mask_text(decrypt_field(place, claim.id, value))


def _kin(kin: Kin | None) -> KinView | None:
    if kin is None:
        return None
    return KinView(relation=kin.relation, name=mask_name(kin.name), phone=mask_phone(kin.phone))


Paper = Annotated[str, Field(max_length=50)]


Papers = Annotated[list[Paper], Field(max_length=30, description="codes of parameter claims.paper_names")]


Words = Annotated[str, Field(min_length=1, max_length=2000)]
Note = Annotated[str, Field(min_length=1, max_length=500, description="no personal data: both sides read it")]


async def answer(claim: Claim, caller: Caller, response: Response) -> ClaimDetail:
    """A claim after a step, as the caller may see it; reading it is recorded like any other."""
    await access.write_down(claim, caller, "text")
    set_etag(response, claim.revision)
    return detail(claim, caller)
