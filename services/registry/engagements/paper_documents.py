"""The papers of an engagement: those on file, the one that its footing demands, and how the term of one stands."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel

from services.registry.engagements.rules import DutyState, TermState
from shared.contracts.registry import PaperKind, PaperTerm, Post
from shared.policy.parameters import Used
from shared.storage.fields import Yuan


class Paper(BaseModel):
    """The contract or written agreement that a footing rests on; `ends_on` is the last day of a fixed term."""

    kind: Literal["contract", "written_agreement"]
    number: str
    signed_on: dt.date
    term: PaperTerm | None = None
    ends_on: dt.date | None = None


class RecordedPaper(BaseModel):
    """A paper put on file over HTTP; `model` and `model_version` name the model text that it was made on.

    `term`, with its first day and the last day of a fixed one, is null where it was not said. `asked_fixed`: the worker asked for
    a fixed term (劳动合同法 art. 14). `pay` and `probation_pay` are yuan a month; `post` is that of one dispatched, and `post_until`
    the last day for which it exists.
    """

    paper_id: str
    kind: PaperKind
    number: str
    signed_on: dt.date
    model: str | None
    model_version: int | None
    recorded_by: str
    recorded_at: dt.datetime
    term: PaperTerm | None = None
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    asked_fixed: bool = False
    probation_until: dt.date | None = None
    pay: Yuan | None = None
    probation_pay: Yuan | None = None
    post: Post | None = None
    post_until: dt.date | None = None


class CountingPaper(BaseModel):
    """The paper that meets the demand."""

    paper_id: str
    kind: PaperKind
    number: str
    signed_on: dt.date


class Duty(BaseModel):
    """The paper that the present footing demands and how it stands; `used` are the parameters that say so.

    `kind`, `since` and `due_on` are null where no paper is demanded.
    """

    state: DutyState = "not_needed"
    kind: PaperKind | None = None
    since: dt.date | None = None
    due_on: dt.date | None = None
    paper: CountingPaper | None = None
    used: list[Used] = []


class TermOnFile(BaseModel):
    """The paper whose term runs, its last day, and how that stands; `paper_id` is null where no term is on file."""

    state: TermState = "none"
    paper_id: str | None = None
    ends_on: dt.date | None = None


class Faulty(BaseModel):
    """What was told last of a paper: the terms of it that are against the law, and the parameters that say so."""

    paper_id: str
    faults: list[dict[str, Any]]
    used: list[Used] = []
