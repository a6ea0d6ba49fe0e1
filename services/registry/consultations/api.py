"""Consultations over HTTP: a union or an officer asks, the enterprise answers, both put down what they offer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from services.registry.consultations import commands
from services.registry.consultations.access import any_of, seen_by
from services.registry.consultations.documents import Consultation
from services.registry.consultations.rules import Level, Side, State, subject_names
from services.registry.consultations.views import ConsultationView, SubjectView, consultation_view
from services.registry.fields import Name, Text
from shared import clock
from shared.callers import Caller
from shared.contracts.platform import Industry
from shared.contracts.registry import Subject
from shared.errors import NotFound
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.transaction import transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import DistrictOrCity, Uscc
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, UNION, Everybody, callers

creating = APIRouter(prefix="/v1", tags=["bargaining 民主协商"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["bargaining 民主协商"])


Reader = Annotated[Caller, callers("union", "platform", article=10, district="document")]
Speaker = Annotated[Caller, callers("union", departments=[HRSS, UNION], district="document")]
Answerer = Annotated[Caller, callers("platform", departments=[HRSS, UNION], district="document")]
Party = Annotated[Caller, callers("union", "platform", departments=[HRSS, UNION], district="document")]


class Demand(BaseModel):
    """A demand for consultation, for the workers.

    `enterprise` names `platforms`; `industry` a trade and no platforms; `region` neither.
    """

    level: Level
    side: Side = Field(description="Who speaks for the workers: a union, or representatives whom they elected.")
    workers_side: Name = Field(description="The union's or the representatives' body's name; no person's.")
    platforms: Annotated[list[Uscc], Field(max_length=50)] = []
    industry: Industry | None = None
    district: DistrictOrCity
    subjects: Annotated[list[Subject], Field(min_length=1)]
    demand: Text = Field(description="What is asked for. No personal data.")


class AnswerGiven(BaseModel):
    """An enterprise's answer: whether it takes part, and what it says."""

    takes_part: bool = Field(description="Whether the enterprise takes part; false needs a reason in `text`.")
    text: Text


class NoteGiven(BaseModel):
    """An offer or a note to a consultation."""

    text: Text = Field(description="An offer, a counter-offer or what was said at a meeting. No personal data.")


class Closing(BaseModel):
    """How a consultation ended, and what came of it."""

    outcome: Literal["minutes", "failed", "withdrawn"] = Field(description="How it ended, other than in a contract.")
    summary: Text


@router.get("/consultation-subjects")
async def list_subjects(caller: Everybody) -> list[SubjectView]:
    """What is to be consulted on (德人社发〔2022〕95 号 art. 10)."""
    names = subject_names(parameters.on(shanghai_date(clock.now())))
    return [SubjectView(code=code, name=name) for code, name in names.items()]


@creating.post("/consultations", status_code=201)
async def open_consultation(body: Demand, caller: Speaker, response: Response) -> ConsultationView:
    """Ask for consultation: a union within its scope, or an officer of the place, of the labour department or the general
    union."""
    demand: dict[str, Any] = dict(body)
    opened = await transact(lambda tx: commands.open_consultation(**demand, caller=caller, tx=tx))
    response.headers["Location"] = f"/v1/consultations/{opened.id}"
    return _answered(opened, response)


@router.get("/consultations")
async def list_consultations(
    caller: Reader,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
    platform: Annotated[
        str | None, Query(max_length=18, description="only of this platform, by its credit code")
    ] = None,
    overdue: Annotated[bool, Query(description="Only those that nobody has answered in time.")] = False,
) -> Page[ConsultationView]:
    """Consultations, the oldest first: a union sees those within its scope, an officer the district, an
    enterprise what concerns it."""
    parts: list[dict[str, Any]] = [any_of(await seen_by(caller))]
    parts += [{"state": state}] if state else []
    parts += [{"platforms": platform}] if platform else []
    parts += [{"state": "asked", "answer_by": {"$lt": shanghai_date(clock.now())}}] if overdue else []
    return await Page.of(Consultation, {"$and": parts}, consultation_view, page)


@router.get("/consultations/{consultation_id}")
async def read_consultation(consultation_id: str, caller: Reader, response: Response) -> ConsultationView:
    """One consultation with its answers and notes."""
    kept = await Consultation.find_one({"$and": [{"_id": consultation_id}, any_of(await seen_by(caller))]})
    if kept is None:
        raise NotFound("该集体协商", "this consultation")
    return _answered(kept, response)


@router.post("/consultations/{consultation_id}/answers")
async def answer(
    consultation_id: str, body: AnswerGiven, caller: Answerer, seen: RevisionSeen, response: Response
) -> ConsultationView:
    """An enterprise answers the demand: within 20 days, in writing (集体合同规定 art. 32). Later answers count too.

    For the enterprises of a whole trade an officer of the place puts their answer down.
    """
    kept = await transact(lambda tx: commands.answer(consultation_id, body.takes_part, body.text, caller, seen, tx))
    return _answered(kept, response)


@creating.post("/consultations/{consultation_id}/notes", status_code=201)
async def note(consultation_id: str, body: NoteGiven, caller: Party, response: Response) -> ConsultationView:
    """Either side puts an offer or a record of a meeting down."""
    return _answered(await transact(lambda tx: commands.note(consultation_id, body.text, caller, tx)), response)


@router.post("/consultations/{consultation_id}/closing")
async def close(
    consultation_id: str, body: Closing, caller: Speaker, seen: RevisionSeen, response: Response
) -> ConsultationView:
    """Close a consultation without a contract: a union within its scope, or an officer of the place."""
    kept = await transact(
        lambda tx: commands.close(consultation_id, body.outcome, body.summary, caller, seen, tx)
    )  # fmt: skip
    return _answered(kept, response)


def _answered(kept: Consultation, response: Response) -> ConsultationView:
    set_etag(response, kept.revision)
    return consultation_view(kept)
