"""What the document of a claim is made of."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final, Literal

from pydantic import BaseModel

from services.insurance.claims.rules import Event, State
from shared.contracts.insurance import Reporter, Scheme
from shared.policy.calendar import Pause
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt

PLACE: Final = "claim.place"
DESCRIPTION: Final = "claim.description"
KIN: Final = "claim.kin"
LATE_REASON: Final = "claim.late_reason"
NOTE: Final = "claim.note"
DECISION: Final = "claim.decision"
PHOTO: Final = "claim.photo"
"""The places that the parts of a claim are encrypted for, each with the claim's id; a photo's pieces with their own."""

Nursing = Literal["full", "most", "partial"]
"""Dependence on others' care: complete, for the most part, in part (工伤保险条例 art. 22)."""

Role = Literal["worker", "platform", "officer", "union", "system"]


StepName = (
    Event
    | Literal["reported", "papers_given", "extended", "kept_apart", "appeal_filed", "appeal_ended", "deadline_missed"]
    | Literal["not_compared"]
)
"""`not_compared`: it could not be told by itself whether other claims are about the same accident; an officer looks."""


class Step(BaseModel):
    """One entry of a claim's history. `by` is the token's subject; `used` are the parameters that the step rested on;
    `note` is encrypted."""

    at: dt.datetime
    event: StepName
    state: State
    role: Role
    by: str
    note: Annotated[str | None, EncryptedAt(NOTE)] = None
    used: list[Used] = []


class Still(BaseModel):
    """Legal days on which the clock stands still, both included; `last` is None while it does."""

    first: dt.date
    last: dt.date | None = None

    @property
    def pause(self) -> Pause:
        return Pause(self.first, self.last)


class Clock(BaseModel):
    """The term of the step under way, without which no date can be moved: days or working days from `start`."""

    start: dt.date
    days: int | None = None
    workdays: int | None = None
    stills: list[Still] = []


class Application(BaseModel):
    """The request for benefits. `late_reason` is encrypted."""

    applicant: Reporter
    applied_on: dt.date
    late: bool
    late_reason: Annotated[str | None, EncryptedAt(LATE_REASON)]


class Decision(BaseModel):
    """A refusal, or a decision whether the injury is recognised. `text` is encrypted."""

    number: str
    outcome: Literal["refused", "recognised", "not_recognised"]
    scheme: Scheme
    reasons: list[str]
    instead: list[str] = []
    text: Annotated[str, EncryptedAt(DECISION)]
    decided_on: dt.date
    by: str
    review_by: dt.date | None
    court_by: dt.date | None
    used: list[Used]


class Assessment(BaseModel):
    """An assessment of the capacity for work (工伤保险条例 ch. 4). `grade` and `nursing` are null where there is none.

    `kind`: `first`; `again` by the province, which is final (art. 26); `review` after a year (art. 28). It follows
    the recognition with the number in `decision`: one that is annulled takes its assessments with it.
    """

    decision: str
    kind: Literal["first", "again", "review"]
    requested_on: dt.date
    requested_by: Role
    extended: bool = False
    concluded_on: dt.date | None = None
    grade: int | None = None
    nursing: Nursing | None = None
    experts: int | None = None
    again_by: dt.date | None = None


class Appeal(BaseModel):
    """A review (行政复议) or suit against the last decision. `outcome` is null while it is under way."""

    decision: str
    way: Literal["review", "court"]
    role: Role
    filed_on: dt.date
    late: bool
    outcome: Literal["upheld", "revoked", "withdrawn"] | None = None
    ended_on: dt.date | None = None
