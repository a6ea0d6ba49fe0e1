"""What a claim keeps of the steps taken on it: its history and clock, application, decisions, assessments, appeals."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final, Literal

from pydantic import BaseModel

from services.insurance.claims.rules import Event, ExtensionState, State
from services.insurance.letters.documents import Served
from shared.contracts.insurance import Reporter, Scheme, Side
from shared.policy.calendar import Pause
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt

LATE_REASON: Final = "claim.late_reason"
NOTE: Final = "claim.note"
DECISION: Final = "claim.decision"
EXTENSION: Final = "claim.extension"
"""The places that the parts of a step are encrypted for, each with the claim's id."""

Nursing = Literal["full", "most", "partial"]
"""Dependence on others' care: complete, for the most part, in part (工伤保险条例 art. 22)."""

Role = Literal["worker", "platform", "officer", "union", "system"]

StepName = (
    Event
    | Literal["reported", "papers_given", "extended", "kept_apart", "appeal_filed", "appeal_ended", "deadline_missed"]
    | Literal[
        "not_compared",
        "served",
        "service_corrected",
        "extension_asked",
        "extension_granted",
        "extension_refused",
        "extension_corrected",
    ]
)
"""`not_compared`: it could not be told by itself whether other claims are about the same accident; an officer looks. `served`: a
letter was, on one party; `service_corrected`: that was recorded wrongly. `extension_...`: of the employer's term to apply."""


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
    """The request for benefits. `late_reason` is encrypted. `unit`: the credit code of the enterprise that made it, if one did."""

    applicant: Reporter
    unit: str | None = None
    applied_on: dt.date
    late: bool
    late_reason: Annotated[str | None, EncryptedAt(LATE_REASON)]


class WrongTerm(BaseModel):
    """A last day that was set wrongly: why (encrypted), who found it and when."""

    until: dt.date
    reason: Annotated[str, EncryptedAt(EXTENSION)]
    by: str
    on: dt.date


class Extension(BaseModel):
    """More time for the employer to apply, with leave (工伤保险条例 art. 17(1)). `unit`: the enterprise that asked, where it did so
    itself; `until`: its last day, where it was granted, `before` the one it had, and `wrong` those that were set wrongly. `reason` and
    `ground` are encrypted."""

    state: ExtensionState
    asked_on: dt.date
    unit: str | None
    reason: Annotated[str, EncryptedAt(EXTENSION)]
    until: dt.date | None = None
    before: dt.date | None = None
    wrong: list[WrongTerm] = []
    ground: Annotated[str | None, EncryptedAt(EXTENSION)] = None
    decided_by: str | None = None
    decided_on: dt.date | None = None


class Decision(BaseModel):
    """A refusal, or a decision whether the injury is recognised. `text` is encrypted; terms run from each of `served`."""

    number: str
    outcome: Literal["refused", "recognised", "not_recognised"]
    scheme: Scheme
    reasons: list[str]
    instead: list[str] = []
    text: Annotated[str, EncryptedAt(DECISION)]
    decided_on: dt.date
    by: str
    served: list[Served] = []
    used: list[Used]


class Assessment(BaseModel):
    """An assessment of the capacity for work (工伤保险条例 ch. 4). `grade` and `nursing` are null where there is none.

    `kind`: `first`; `again` by the province, which is final (art. 26); `review` after a year (art. 28). It follows
    the recognition with the number in `decision`: one that is annulled takes its assessments with it. The term to ask for
    another runs from each of `served`.
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
    served: list[Served] = []


class Appeal(BaseModel):
    """A review (行政复议) or suit of one party against the last decision. `outcome` is null while it is under way, `not_decided` of a
    review that was not decided in its term and that the party left for the court; `served`: when the decision of a review was."""

    decision: str
    way: Literal["review", "court"]
    role: Role
    party: Side | None = None
    filed_on: dt.date
    late: bool
    outcome: Literal["upheld", "revoked", "withdrawn", "not_decided"] | None = None
    ended_on: dt.date | None = None
    served: list[Served] = []

    @property
    def side(self) -> Side:
        """Whose it is; older ones say no more than the role."""
        return self.party or ("platform" if self.role == "platform" else "worker")
