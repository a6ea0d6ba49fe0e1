"""What HTTP shows of rulings."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel, Field

from services.complaints.rulings.commands import Similar
from services.complaints.rulings.documents import Ruling
from services.complaints.rulings.rules import Outcome, RulingForum, State
from shared.contracts.complaints import Category
from shared.contracts.platform import Relation
from shared.storage.fields import Yuan


class RulingView(BaseModel):
    """A ruling without names."""

    ruling_id: str
    state: State
    category: Category
    claims: list[str]
    relation: Relation
    forum: RulingForum
    district: str
    decided_on: dt.date
    outcome: Outcome
    asked: Yuan | None
    granted: Yuan | None
    text: str
    reason: str

    @classmethod
    def of(cls, ruling: Ruling) -> Self:
        kept = {*cls.model_fields} - {"ruling_id", "text", "reason"}
        return cls(
            ruling_id=ruling.id,
            text=ruling.clear_text,
            reason=ruling.clear_reason,
            **ruling.model_dump(include=kept),
        )


class SharedWord(BaseModel):
    """A word that both have, and what it adds to the score."""

    word: str
    adds: float


class SimilarView(BaseModel):
    """A ruling that is like a dispute, and why."""

    ruling: RulingView
    score: float
    same_claims: list[str]
    same_relation: bool
    words: list[SharedWord] = Field(description="the words that weigh most, first")

    @classmethod
    def of(cls, similar: Similar) -> Self:
        return cls(
            ruling=RulingView.of(similar.ruling),
            score=round(similar.score, 3),
            same_claims=list(similar.claims),
            same_relation=similar.same_relation,
            words=[SharedWord(word=word, adds=round(adds, 3)) for word, adds in similar.words],
        )
