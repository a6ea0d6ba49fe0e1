"""What is stored of agreements: a part of the engagement that they belong to."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from services.registry.agreements.rules import Demand, Paper, State
from shared.contracts.registry import PaperKind
from shared.policy.parameters import Used


class RecordedPaper(BaseModel):
    """A paper put on file over HTTP; `model` and `model_version` name the model text that it was made on."""

    paper_id: str
    kind: PaperKind
    number: str
    signed_on: dt.date
    model: str | None
    model_version: int | None
    recorded_by: str
    recorded_at: dt.datetime


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

    state: State = "not_needed"
    kind: PaperKind | None = None
    since: dt.date | None = None
    due_on: dt.date | None = None
    paper: CountingPaper | None = None
    used: list[Used] = []

    def kept(self) -> tuple[Demand, Paper | None] | None:
        """The demand and the counting paper as the rules have them; None where no paper is demanded."""
        if self.kind is None or self.since is None:
            return None
        paper = None if self.paper is None else Paper(**self.paper.model_dump())
        return Demand(self.kind, self.since, self.due_on), paper
