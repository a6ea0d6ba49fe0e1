"""What is stored of engagements."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, Field
from pymongo import ASCENDING, IndexModel

from services.registry.engagements.paper_documents import Duty, Faulty, Paper, RecordedPaper, TermOnFile
from services.registry.engagements.rules import (
    End,
    FootingDecision,
    Standing,
    State,
    Withdrawal,
    end_of,
    footings,
    with_end,
)
from shared.contracts.platform import Industry, Relation
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, HashedFrom, decrypt_field, encrypt_field, lookup_hash, lookup_hashes
from shared.storage.records import Record

END_TOLD: Final = "account.end_told"
END_REASON: Final = "engagement.end_reason"
END_WITHDRAWN: Final = "account.end_withdrawn"
KNOWN_AS: Final = "account.known_as"
"""The places that free texts and wrong id numbers are encrypted for."""
FORGOTTEN: Final = "（已按规定删除）"
DECLARED_AT_MOST: Final = 20
"""Trainings of one engagement that are kept of those that its declarations named."""


class Footing(BaseModel):
    """The relation that holds from a legal day on."""

    since: dt.date
    relation: Relation


class DecidedFooting(BaseModel):
    """What an officer decided of a footing; `contest` is the id of the contest that asked for it."""

    relation: Relation
    effective_on: dt.date
    decided_at: dt.datetime
    contest: str


class DeclaredTraining(BaseModel):
    """The safety training that an engagement itself names."""

    course: str
    completed_on: dt.date


def listed(value: Any) -> Any:
    """Several where what was stored before holds one, or none."""
    return value if isinstance(value, list) else [value] if value else []


class EndTold(BaseModel):
    """A platform's word that an account's work ended; `ended_on` is the last day; `reason` is encrypted."""

    ended_on: dt.date
    reason: Annotated[str, EncryptedAt(END_TOLD)]
    told_at: dt.datetime


class EndWithdrawn(BaseModel):
    """An officer's finding that an account's work did not end on that day; `reason` is encrypted."""

    ended_on: dt.date
    at: dt.datetime
    officer: str
    reason: Annotated[str, EncryptedAt(END_WITHDRAWN)]


class KnownAs(BaseModel):
    """A wrong id number (encrypted, and found by its hash) under which a platform may declare a worker again."""

    id_hash: Annotated[str, HashedFrom("id_number")]
    id_number: Annotated[str, EncryptedAt(KNOWN_AS)]
    worker_id: str


class Account(Record):
    """A person as one platform knows them, with every end that it declared and those that an officer has withdrawn.

    The id is `<credit code>:<the platform's own id>`. Whatever concerns an account stores it, so that events of different
    topics about one account never run side by side, and an engagement or a training of it is there once. `trained`: a training
    of it was declared, null where that was not noted. `known_as` are wrong id numbers under which the platform may declare
    this person again.
    """

    ends: list[EndTold] = []
    withdrawn: list[EndWithdrawn] = []
    trained: bool | None = None
    known_as: list[KnownAs] = []

    def stands_for(self, id_number: str) -> str | None:
        """The worker whom the platform means by an id number that is wrong; None where it is not known to be."""
        hashes = lookup_hashes(KNOWN_AS, id_number)
        return next((one.worker_id for one in self.known_as if one.id_hash in hashes), None)

    def means(self, id_number: str, worker_id: str) -> None:
        """From now on this account's platform means a worker by a wrong id number (in clear)."""
        hashes = lookup_hashes(KNOWN_AS, id_number)
        known = KnownAs(
            id_hash=lookup_hash(KNOWN_AS, id_number),
            id_number=encrypt_field(KNOWN_AS, self.id, id_number),
            worker_id=worker_id,
        )
        self.known_as = [*(one for one in self.known_as if one.id_hash not in hashes), known]

    @staticmethod
    def key(platform: str, worker_ref: str) -> str:
        return f"{platform}:{worker_ref}"

    def end_of(self, started_on: dt.date) -> End | None:
        """The end of the account's engagement that began on a day."""
        return end_of(started_on, self._ends(), [Withdrawal(one.ended_on, one.at) for one in self.withdrawn])

    def record_end(self, declared: End) -> None:
        """Record a platform's word on an end; raises `RuleBroken`."""
        self.ends = [
            EndTold(ended_on=end.ended_on, reason=encrypt_field(END_TOLD, self.id, end.reason), told_at=end.told_at)
            for end in with_end(self._ends(), declared)
        ]

    def forget_reasons(self) -> None:
        """Forget what was written of why the work ended, or did not: it may tell of the person."""
        self.ends = [
            one.model_copy(update={"reason": encrypt_field(END_TOLD, self.id, FORGOTTEN)}) for one in self.ends
        ]
        self.withdrawn = [
            one.model_copy(update={"reason": encrypt_field(END_WITHDRAWN, self.id, FORGOTTEN)})
            for one in self.withdrawn
        ]

    def _ends(self) -> list[End]:
        return [End(end.ended_on, end.told_at, decrypt_field(END_TOLD, self.id, end.reason)) for end in self.ends]

    class Settings:
        name = "accounts"


class Engagement(Record):
    """One person's work through one platform from a first day on, by the latest declaration of it.

    `version` counts the events of it; `gate_rests_on` are the parameters that the safety gate used, `trained_on` is since when
    the person has the training that lets them work, as it was told last. `worked`: they may work or might on a day before;
    `once_declared` are the trainings that any declaration named, be it taken back since, the one that was had last at the end.
    `footings` are dated, the earliest first; `relation` is the last of them, and `decided` is what officers decided of
    them. `agreement` is the paper that the platform declares, `papers` are those recorded, `duty` is which one is needed,
    `term` is how long the latest one runs, `faulty` what was told of terms that are against the law. `end_reason` is encrypted.
    """

    platform: str
    worker_ref: str
    started_on: dt.date
    worker_id: str
    industry: Industry
    relation: Relation
    district: str
    agreement: Paper | None
    safety_training: DeclaredTraining | None
    partner_uscc: str | None
    dispatched: bool
    declared_at: dt.datetime
    state: State = "blocked"
    ended_on: dt.date | None = None
    end_reason: Annotated[str | None, EncryptedAt(END_REASON)] = None
    worked: bool = False
    part_time: bool = False
    once_declared: Annotated[list[DeclaredTraining], BeforeValidator(listed)] = []
    version: int = 0
    gate_rests_on: list[Used] = []
    trained_on: dt.date | None = None
    footings: list[Footing] = []
    decided: list[DecidedFooting] = []
    papers: list[RecordedPaper] = []
    duty: Duty = Field(default_factory=Duty)
    term: TermOnFile = Field(default_factory=TermOnFile)
    faulty: list[Faulty] = []

    @property
    def by_the_hour(self) -> bool:
        """Whether it is part-time employment, with the exceptions of that: nobody is dispatched by the hour (劳动合同法实施条例
        art. 30)."""
        return self.part_time and not self.dispatched

    @property
    def declared_paper_id(self) -> str:
        """The id of the paper that the platform declares."""
        return f"{self.id}:declared"

    def keep_renewed(self, previous: Paper | None) -> None:
        """Keep a declared paper whose place another one with a later end has taken: it was renewed, and not corrected."""
        renewal = self.agreement
        if previous is None or renewal is None or previous.ends_on is None or previous.kind != renewal.kind:
            return
        ends_later = renewal.term in ("open", "task") or (renewal.ends_on or dt.date.min) > previous.ends_on
        if renewal.number != previous.number and renewal.signed_on > previous.signed_on and ends_later:
            kept = RecordedPaper(
                paper_id=f"{self.declared_paper_id}:{previous.number}",
                **previous.model_dump(exclude={"term"}),
                term=previous.term or "fixed",
                model=None,
                model_version=None,
                recorded_by=self.platform,
                recorded_at=self.declared_at,
            )
            self.papers = [*(one for one in self.papers if one.paper_id != kept.paper_id), kept]

    @property
    def standing(self) -> Standing:
        return Standing(self.state == "active", self.ended_on, self.worked)

    @property
    def history(self) -> tuple[tuple[dt.date, Relation], ...]:
        """The footings by the day from which each holds."""
        return tuple((one.since, one.relation) for one in self.footings) or ((self.started_on, self.relation),)

    @property
    def clear_end_reason(self) -> str | None:
        return self.end_reason and decrypt_field(END_REASON, self.id, self.end_reason)

    def note_end(self, end: End | None) -> None:
        """Keep why the engagement has ended; None where it has not."""
        self.end_reason = encrypt_field(END_REASON, self.id, end.reason) if end else None

    def forget_reason(self) -> None:
        """Forget why the engagement ended: it may tell of the person."""
        self.end_reason = encrypt_field(END_REASON, self.id, FORGOTTEN)

    def set_footing(self, declared: Relation) -> None:
        """Work the footings out of what the platform declares and what officers have decided."""
        decisions = [FootingDecision(one.relation, one.effective_on, one.decided_at) for one in self.decided]
        found = footings(self.started_on, declared, decisions)
        self.footings = [Footing(since=since, relation=relation) for since, relation in found]
        self.relation = found[-1][1]

    def note_training(self, declared: DeclaredTraining | None, today: dt.date) -> None:
        """Keep that a declaration named a training: a later one may take it back, and then the person has worked on it.

        On one that is dated ahead nobody has worked yet, so that it is kept after all others.
        """
        if declared is None or declared in self.once_declared:
            return
        known = [*self.once_declared, declared]
        known.sort(key=lambda one: (one.completed_on <= today, one.completed_on, one.course))
        self.once_declared = known[-DECLARED_AT_MOST:]

    @property
    def account(self) -> tuple[str, str]:
        return self.platform, self.worker_ref

    def declared(self) -> dict[str, Any]:
        """What the platform declares and may correct."""
        return {name: getattr(self, name) for name in (*DECLARED, "footings", "worker_id")}

    class Settings:
        name = "engagements"
        indexes = [
            IndexModel([("platform", ASCENDING), ("worker_ref", ASCENDING)]),
            IndexModel([("worker_id", ASCENDING)]),
            IndexModel([("state", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
        ]


DECLARED = (
    "industry", "relation", "district", "agreement", "safety_training", "partner_uscc", "dispatched", "part_time",
)  # fmt: skip
