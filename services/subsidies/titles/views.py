"""What HTTP shows of nominations for titles."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel, Field

from services.subsidies.titles.documents import Nomination, Nominator, clear_text
from services.subsidies.titles.rules import RANKS, Move, State
from shared.contracts.subsidies import TitleRank
from shared.policy.parameters import Used


class MaterialView(BaseModel):
    """What is said on a paper of a nomination; `digest`: SHA-256 of a file that an earlier version knew by it alone."""

    kind: str
    text: str
    digest: str | None


class PaperView(BaseModel):
    """A file of a nomination. `removed_on`: it is there no more, since whom it told of is erased."""

    paper_id: str
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    handed_in_at: dt.datetime
    removed_on: dt.date | None


class NominationStep(BaseModel):
    """Something that was done to a nomination, and why."""

    at: dt.datetime
    move: Move
    note: str | None


class NominationView(BaseModel):
    """A worker nominated for a title. `used` are the parameters that `missing` rests on."""

    nomination_id: str
    number: str
    worker_id: str
    nominator: Nominator
    nominator_name: str
    title: str
    rank: TitleRank
    rank_name: str
    year: int
    district: str
    materials: list[MaterialView]
    papers: list[PaperView]
    missing: list[str] | None = Field(description="kinds of paper of which there is no file; null: the officer judges")
    state: State
    steps: list[NominationStep]
    review_body: str | None
    decided_on: dt.date | None
    certificate: str | None
    used: list[Used]

    @classmethod
    def of(cls, nomination: Nomination) -> Self:
        made = {"nomination_id", "rank_name", "materials", "papers", "steps"}
        return cls(
            nomination_id=nomination.id,
            rank_name=RANKS[nomination.rank],
            materials=[
                MaterialView(kind=one.kind, text=clear_text(nomination.id, one.text), digest=one.digest)
                for one in nomination.materials
            ],
            papers=[
                PaperView(
                    paper_id=one.id,
                    name=clear_text(nomination.id, one.name),
                    **one.model_dump(include={*PaperView.model_fields} - {"paper_id", "name"}),
                )
                for one in nomination.papers
            ],
            steps=[
                NominationStep(
                    at=one.at,
                    move=one.move,
                    note=None if one.note is None else clear_text(nomination.id, one.note),
                )
                for one in nomination.steps
            ],
            **nomination.model_dump(include=set(cls.model_fields) - made),
        )
