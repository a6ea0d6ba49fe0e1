"""What callers see of consultations and collective contracts, and which of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field

from services.registry.bargaining.documents import (
    ANSWER,
    DEMAND,
    END_REASON,
    NOTE,
    OBJECTION,
    SUMMARY,
    Answer,
    CollectiveContract,
    Consultation,
    Note,
    Objection,
)
from services.registry.bargaining.rules import ConsultationState, ContractState, Level, Outcome, Side, subject_names
from services.registry.enterprises.documents import Enterprise
from services.registry.unions import scopes
from shared import clock
from shared.contracts.platform import Industry
from shared.contracts.registry import Subject
from shared.identity.regions import CITY
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Used, parameters
from shared.storage.client import Row
from shared.storage.encryption import decrypt_field
from shared.storage.fields import Yuan
from shared.web.auth import Caller
from shared.web.problems import forbidden

Minutes = Annotated[int | None, Field(ge=1, le=1440)]


class SubjectView(BaseModel):
    """A subject of consultations by its code, and its Chinese name."""

    code: Subject
    name: str = Field(description="The name in 德人社发〔2022〕95 号 art. 10.")


class ConsultationView(BaseModel):
    """A consultation. `answer_by` is the last legal day for an answer; `overdue`: it is over and nobody has answered."""

    consultation_id: str
    level: Level
    side: Side = Field(description="Who speaks for the workers: a union, or representatives whom they elected.")
    workers_side: str
    platforms: list[str] = Field(description="Credit codes; empty where the enterprises of a trade are asked.")
    industry: Industry | None
    district: str
    subjects: list[SubjectView]
    demand: str
    asked_on: dt.date
    answer_by: dt.date
    overdue: bool
    state: ConsultationState
    answers: list[Answer]
    notes: list[Note]
    outcome: Outcome | None
    summary: str | None
    contract_id: str | None
    closed_at: dt.datetime | None
    rests_on: list[Used] = Field(description="The parameters used.")


class TermsView(BaseModel):
    """What is agreed from a day on; a null part is not agreed."""

    since: dt.date
    hourly_pay: Yuan | None = Field(description="Yuan for an hour of working time.")
    longest_continuous_minutes: int | None = Field(description="Of taking orders without a rest.")
    longest_daily_minutes: int | None = Field(description="Of taking orders on one day.")
    waiting_percent: Yuan | None = Field(description="Allowance for waiting, in percent of the time of orders.")


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
    state: ContractState
    signed_on: dt.date
    file_by: dt.date = Field(description="The last day to hand it in (集体合同规定 art. 42).")
    received_on: dt.date | None
    object_by: dt.date | None = Field(description="The last day on which the labour department may object.")
    filed_late: bool | None
    valid_from: dt.date
    valid_to: dt.date
    in_force_from: dt.date | None
    terms: list[TermsView] = Field(description="By the day from which they hold, the earliest first.")
    pending: TermsView | None = Field(description="An amendment under review.")
    pending_object_by: dt.date | None
    objections: list[Objection]
    end_reason: str | None
    to_check: str | None = Field(description="Why a person must look at the terms; null where nobody must.")
    rests_on: list[Used] = Field(description="The parameters used.")


def consultation_view(kept: Consultation) -> ConsultationView:
    names = subject_names(parameters.on(kept.asked_on, place=kept.district))
    texts = {"demand", "answers", "notes", "summary"}
    return ConsultationView(
        **kept.model_dump(include={*ConsultationView.model_fields} - {"subjects"} - texts),
        consultation_id=kept.id,
        demand=decrypt_field(DEMAND, kept.id, kept.demand),
        answers=[one.model_copy(update={"text": decrypt_field(ANSWER, kept.id, one.text)}) for one in kept.answers],
        notes=[one.model_copy(update={"text": decrypt_field(NOTE, kept.id, one.text)}) for one in kept.notes],
        summary=kept.summary and decrypt_field(SUMMARY, kept.id, kept.summary),
        subjects=[SubjectView(code=code, name=names[code]) for code in kept.subjects],
        overdue=kept.state == "asked" and kept.answer_by < shanghai_date(clock.now()),
        rests_on=kept.used,
    )


def contract_view(kept: CollectiveContract) -> ContractView:
    filing, amendment = kept.filing, kept.amendment
    return ContractView(
        **kept.model_dump(include={*ContractView.model_fields} - {"objections", "end_reason"}),
        contract_id=kept.id,
        objections=[_opened(kept, one) for one in kept.objections],
        end_reason=kept.end_reason and decrypt_field(END_REASON, kept.id, kept.end_reason),
        received_on=filing and filing.received_on,
        object_by=filing and filing.object_by,
        filed_late=filing and filing.late,
        pending=amendment and TermsView(**amendment.terms.model_dump()),
        pending_object_by=amendment and amendment.filing.object_by,
        rests_on=kept.used,
    )


def _opened(kept: CollectiveContract, objection: Objection) -> Objection:
    return objection.model_copy(update={"reason": decrypt_field(OBJECTION, kept.id, objection.reason)})


def any_of(conditions: Sequence[Row]) -> Row:
    """That one of some conditions holds. They stand side by side, so that an index serves each: within one another none
    may."""
    if {} in conditions:
        return {}
    return {"$or": list(conditions)} if conditions else {"_id": {"$in": []}}


async def seen_by(caller: Caller) -> list[Row]:
    """What a party to consultations may see fits any of these; raises a 403 problem for anybody else.

    A union sees what lies within its scope, an officer the district and what concerns the whole city, an enterprise what names
    it or its trade.
    """
    match caller.role:
        case "union":
            return await scopes.within(caller)
        case "officer" if caller.district == CITY:
            return [{}]
        case "officer":
            return [{"district": {"$in": [caller.district, CITY]}}]
        case "platform":
            enterprise = await Enterprise.of(str(caller.uscc))
            trades: list[Any] = [None, *(enterprise.industries if enterprise else [])]
            return [{"platforms": caller.uscc}, {"platforms": [], "industry": {"$in": trades}}]
    raise forbidden()
