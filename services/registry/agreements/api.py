"""Contracts and written agreements over HTTP, and the model texts that they are made on."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field, model_validator

from services.registry.agreements import commands, rules, texts
from services.registry.agreements.rules import State
from services.registry.agreements.texts import Change, Model, model_of, models
from services.registry.disclosure.access import Reader
from services.registry.disclosure.queries import engagement_for
from services.registry.engagements.documents import Engagement
from shared.callers import Caller
from shared.contracts.platform import Industry, Relation
from shared.contracts.registry import PaperKind, PaperTerm, Post
from shared.errors import NotFound, RuleBroken
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.storage.transaction import transact
from shared.web.etags import set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1", tags=["agreements 合同与协议"], route_class=IdempotentRoute)

Recorder = Annotated[Caller, callers("platform", departments=[HRSS], district="document")]
Code = Annotated[str, Path(max_length=64)]
Version = Annotated[int, Path(ge=1)]
TermDay = Annotated[dt.date | None, Field(ge=dt.date(1900, 1, 1), le=dt.date(2200, 1, 1))]
"""Within what a calendar of contracts can mean."""
Pay = Annotated[Yuan | None, Field(gt=0, le=99_999_999)]
ModelCode = Annotated[str, Field(max_length=64, description="code of the model text that the paper was made on")]


class PaperToRecord(BaseModel):
    """A signed paper. `model` and `model_version` go together: the model text that it was made on, where it was.

    `term` and `starts_on` go together too, and a fixed term has an end. `asked_fixed`: the worker asked for a fixed term where
    one without term was to be concluded (劳动合同法 art. 14).
    """

    kind: PaperKind = Field(description="contract 劳动合同, written_agreement 书面协议")
    number: Annotated[str, Field(min_length=1, max_length=128)]
    signed_on: dt.date = Field(description="legal day (Asia/Shanghai) on which the last of both sides signed")
    model: ModelCode | None = None
    model_version: int | None = Field(default=None, ge=1)
    term: PaperTerm | None = Field(
        default=None, description="fixed 固定期限, open 无固定期限, task 以完成一定工作任务为期限"
    )
    starts_on: TermDay = None
    ends_on: TermDay = None
    asked_fixed: bool = False
    probation_until: TermDay = Field(default=None, description="last day of the probation 试用期, of a labour contract")
    pay: Pay = Field(default=None, description="agreed pay after probation, yuan a month")
    probation_pay: Pay = Field(default=None, description="agreed pay within probation, yuan a month")
    post: Post | None = Field(
        default=None, description="of one dispatched: temporary 临时性, auxiliary 辅助性, substitute 替代性"
    )
    post_until: TermDay = Field(default=None, description="last day for which the post exists")

    @model_validator(mode="after")
    def _together(self) -> PaperToRecord:
        if (self.model is None) != (self.model_version is None):
            raise ValueError("model and model_version go together")
        if (self.term is None) != (self.starts_on is None):
            raise ValueError("term and starts_on go together")
        if (self.term == "fixed") != (self.ends_on is not None):
            raise ValueError("a fixed term has an end, and no other has")
        if self.starts_on is not None and self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("ends_on lies before starts_on")
        return self

    @model_validator(mode="after")
    def _probation(self) -> PaperToRecord:
        if self.probation_until is not None and (self.kind != "contract" or self.starts_on is None):
            raise ValueError("probation is that of a labour contract with its term")
        if self.probation_until is not None and self.starts_on is not None:
            last = self.ends_on or self.probation_until
            if not self.starts_on <= self.probation_until <= last:
                raise ValueError("the probation does not lie within the term")
        if self.probation_pay is not None and self.probation_until is None:
            raise ValueError("probation_pay goes with probation_until")
        if self.post_until is not None and (self.post is None or self.starts_on is None):
            raise ValueError("post_until goes with post and starts_on")
        return self


class PaperView(BaseModel):
    """A paper on file. `declared`: the platform named it in its declaration. `counts`: it meets the demand."""

    paper_id: str
    kind: PaperKind
    number: str
    signed_on: dt.date
    declared: bool
    counts: bool
    model: str | None
    model_version: int | None


class ConsequencesView(BaseModel):
    """What follows for a labour contract that is missing or late; days of law, both included, for an officer to weigh.

    Double wage is owed from the first to the second day (劳动合同法 art. 82); from `open_ended_from` a contract without
    term is taken to exist (art. 14), null where the contract was signed before.
    """

    double_wage_from: dt.date
    double_wage_until: dt.date
    open_ended_from: dt.date | None
    used: list[Used]


class AgreementsView(BaseModel):
    """The paper that the present footing demands, how it stands, and every paper on file.

    `kind`, `since` and `due_on` are null where none is demanded; `due_on` is the last day to sign, null too where the law
    sets no term. `used` are the parameters that this rests on.
    """

    engagement_id: str
    relation: Relation
    state: State = Field(
        description="not_needed; due; near (reminded); missing (the deadline is over); signed; signed_late"
    )
    kind: PaperKind | None
    since: dt.date | None
    due_on: dt.date | None
    papers: list[PaperView]
    consequences: ConsequencesView | None
    used: list[Used]


class ModelHead(BaseModel):
    """A model text without its words; `industries` are the trades it is written for, empty for any. `latest`: no later version
    is published."""

    code: str
    version: int
    title: str
    kind: PaperKind
    industries: list[Industry]
    published_on: dt.date
    latest: bool


class ModelChanges(BaseModel):
    """What one version of a model text says otherwise than an earlier one."""

    code: str
    version: int
    since: int = Field(description="the earlier version that it is compared with")
    changes: list[Change]


@router.get("/engagements/{engagement_id}/agreements")
async def read_agreements(engagement_id: str, caller: Reader, response: Response) -> AgreementsView:
    """What paper an engagement needs, by when, and what is on file; for its worker, platform, officers and unions."""
    engagement = await engagement_for(engagement_id, caller, section="papers")
    set_etag(response, engagement.revision)
    return _view(engagement)


@router.post("/engagements/{engagement_id}/agreements", status_code=201)
async def record_agreement(
    engagement_id: str, body: PaperToRecord, caller: Recorder, response: Response
) -> AgreementsView:
    """Put a signed paper on file, as the engagement's platform or the labour department of its district.

    What it agrees against the law (probation, short terms of the dispatched) is recorded too, and told to both sides.
    A paper signed after its last day is recorded as late; one of another kind than the footing demands does not count.
    An unknown model text is refused (422), the same kind and number twice too (409).
    """
    signed = commands.Signed(**body.model_dump())
    engagement = await transact(lambda tx: commands.record(engagement_id, signed, caller, tx))
    response.headers["Location"] = f"/v1/engagements/{engagement.id}/agreements"
    set_etag(response, engagement.revision)
    return _view(engagement)


@router.get("/agreement-models")
async def list_models(
    industry: Annotated[Industry | None, Query(description="only of this trade")] = None,
    kind: Annotated[PaperKind | None, Query(description="only of this kind")] = None,
) -> list[ModelHead]:
    """The model texts of contracts and written agreements, every version; those of a trade include those for any.

    Public: no token is needed.
    """
    return [
        _head(model)
        for model in models().values()
        if (industry is None or not model.industries or industry in model.industries) and kind in (None, model.kind)
    ]


@router.get("/agreement-models/{code}/{version}")
async def read_model(code: Code, version: Version) -> Model:
    """One version of a model text in Chinese, as Markdown; `{{…}}` are the places to fill in. Public: no token is needed."""
    return _model(code, version)


@router.get("/agreement-models/{code}/{version}/changes")
async def read_model_changes(
    code: Code,
    version: Version,
    since: Annotated[
        int | None, Query(ge=1, description="an earlier version; the one before, where it is left out")
    ] = None,
) -> ModelChanges:
    """What a version of a model text changes, paragraph by paragraph. Public: no token is needed.

    A first version has nothing before it: `changes` is empty, and `since` is the version itself.
    """
    model = _model(code, version)
    before = _model(code, max(version - 1, 1) if since is None else since)
    if before.version > version:
        raise RuleBroken("later-version", "比较的版本不能晚于该版本", "the version to compare with is a later one")
    return ModelChanges(
        code=code, version=version, since=before.version, changes=texts.changes(before.text, model.text)
    )


def _model(code: str, version: int) -> Model:
    model = model_of(code, version)
    if model is None:
        raise NotFound("该示范文本", "this model text")
    return model


def _head(model: Model) -> ModelHead:
    latest = texts.versions(model.code)[-1].version == model.version
    return ModelHead(**model.model_dump(exclude={"text"}), latest=latest)


def _view(engagement: Engagement) -> AgreementsView:
    duty = engagement.duty
    recorded = {one.paper_id: one for one in engagement.papers}
    papers = [
        PaperView(
            paper_id=paper.paper_id,
            kind=paper.kind,
            number=paper.number,
            signed_on=paper.signed_on,
            declared=paper.paper_id not in recorded,
            counts=duty.paper is not None and duty.paper.paper_id == paper.paper_id,
            model=recorded[paper.paper_id].model if paper.paper_id in recorded else None,
            model_version=recorded[paper.paper_id].model_version if paper.paper_id in recorded else None,
        )
        for paper in commands.papers_of(engagement)
    ]
    return AgreementsView(
        engagement_id=engagement.id,
        relation=engagement.relation,
        papers=papers,
        consequences=_consequences(engagement),
        **duty.model_dump(include={"state", "kind", "since", "due_on", "used"}),
    )


def _consequences(engagement: Engagement) -> ConsequencesView | None:
    duty = engagement.duty
    kept = commands.on_file(duty)
    if kept is None or duty.state not in ("missing", "signed_late"):
        return None
    demand, paper = kept
    law = commands.law_of(engagement, demand.since)
    found = rules.consequences(demand, paper.signed_on if paper else None, law, engagement.ended_on)
    if found is None:
        return None
    return ConsequencesView(
        double_wage_from=found.double_wage_from,
        double_wage_until=found.double_wage_until,
        open_ended_from=found.open_ended_from,
        used=list(law.used),
    )
