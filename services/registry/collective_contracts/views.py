"""What HTTP shows of collective contracts."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Annotated

from pydantic import BaseModel, Field

from services.registry.collective_contracts.documents import END_REASON, OBJECTION, CollectiveContract, Objection, Terms
from services.registry.collective_contracts.rules import Assembly, State
from services.registry.consultations.rules import Level
from shared.contracts.platform import Industry
from shared.contracts.registry import ClauseUnit, Subject
from shared.policy.parameters import Used
from shared.storage.encryption import decrypt_field
from shared.storage.fields import Yuan

Minutes = Annotated[int | None, Field(ge=1, le=1440)]


class ClauseView(BaseModel):
    """One thing that is agreed on a subject: yuan for each unit, percent of the fee, or in words."""

    subject: Subject
    industry: Industry | None
    amount: Yuan | None
    unit: ClauseUnit | None
    percent: Yuan | None
    text: str | None
    since: dt.date | None
    until: dt.date | None


class VoteView(BaseModel):
    """A vote on the draft, and whether it passed."""

    body: Assembly
    entitled: int
    present: int
    in_favour: int
    against: int
    held_on: dt.date
    minutes_sha256: str
    passed: bool
    at: dt.datetime


class TermsView(BaseModel):
    """What is agreed from a day on; a null part is not agreed."""

    since: dt.date
    hourly_pay: Yuan | None = Field(description="Yuan for an hour of working time.")
    longest_continuous_minutes: int | None = Field(description="Of taking orders without a rest.")
    longest_daily_minutes: int | None = Field(description="Of taking orders on one day.")
    waiting_percent: Yuan | None = Field(description="Allowance for waiting, in percent of the time of orders.")
    clauses: list[ClauseView] = Field(description="Piece rates, commissions, algorithms and whatever else is agreed.")


class ContractView(BaseModel):
    """A collective contract. It binds its platforms or, where none are named, the trade in the district."""

    contract_id: str
    number: str
    consultation_id: str
    level: Level
    workers_side: str
    platforms: list[str]
    industry: Industry | None = Field(description="Null: every trade.")
    district: str
    state: State
    signed_on: dt.date
    file_by: dt.date = Field(description="The last day to hand it in (集体合同规定 art. 42).")
    received_on: dt.date | None
    object_by: dt.date | None = Field(description="The last day on which the labour department may object.")
    filed_late: bool | None
    valid_from: dt.date
    valid_to: dt.date
    in_force_from: dt.date | None
    votes: list[VoteView] = Field(description="On the draft, the last one on the present text.")
    terms: list[TermsView] = Field(description="By the day from which they hold, the earliest first.")
    pending: TermsView | None = Field(description="An amendment under review.")
    pending_object_by: dt.date | None
    pending_vote: VoteView | None
    objections: list[Objection]
    end_reason: str | None
    to_check: str | None = Field(description="Why a person must look at the terms; null where nobody must.")
    rests_on: list[Used] = Field(description="The parameters used.")


def contract_view(kept: CollectiveContract) -> ContractView:
    filing, amendment = kept.filing, kept.amendment
    return ContractView(
        **kept.model_dump(include={*ContractView.model_fields} - {"objections", "end_reason", "terms"}),
        contract_id=kept.id,
        objections=[_opened(kept, one) for one in kept.objections],
        end_reason=kept.end_reason and decrypt_field(END_REASON, kept.id, kept.end_reason),
        received_on=filing and filing.received_on,
        object_by=filing and filing.object_by,
        filed_late=filing and filing.late,
        terms=[_terms(kept, one) for one in kept.terms],
        pending=amendment and _terms(kept, amendment.terms),
        pending_vote=amendment and amendment.vote and VoteView(**amendment.vote.model_dump()),
        pending_object_by=amendment and amendment.filing.object_by,
        rests_on=kept.used,
    )


def _terms(kept: CollectiveContract, terms: Terms) -> TermsView:
    agreed = terms.agreed(kept.id)
    return TermsView(**asdict(agreed))


def _opened(kept: CollectiveContract, objection: Objection) -> Objection:
    return objection.model_copy(update={"reason": decrypt_field(OBJECTION, kept.id, objection.reason)})
