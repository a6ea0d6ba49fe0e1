"""Applications, as they are stored."""

from __future__ import annotations

import datetime as dt
import json
from itertools import count as numbers
from typing import Annotated, Any, Final

from beanie import Document
from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.subsidies.applications.rules import Move, State
from services.subsidies.decisions.rules import Applicant, ApplicantKind, Ground, Outcome
from shared.policy.calendar import Pause
from shared.policy.parameters import Used
from shared.policy.serving import ServiceWay
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record
from shared.storage.transaction import Transaction

NAME: Final = "subsidy_application.name"
ACCOUNT: Final = "subsidy_application.account"
STATED: Final = "subsidy_application.stated"
TEXT: Final = "subsidy_application.text"

NOBODY: Final = "timer"
"""By whom a step was taken that no person took."""
SLOTS: Final = 16
"""Counters of a cell: one alone would be written by every transaction that moves an application of it."""
_turns = numbers()
"""Transactions of one process take the counters in turn, so that those under way at once do not meet."""


class Agent(BaseModel):
    """Who filed in the applicant's name. `party`: `<role>:<id>`; `mandate`: the number of the written mandate, with its last day."""

    party: str
    mandate: str
    until: dt.date


class GroundFound(BaseModel):
    """A ground as the machine found it; see `decisions.rules.Ground`."""

    code: str
    met: bool | None
    document: str
    article: str | None


class TellApart(BaseModel):
    """What is asked for, and what was paid for before, of which a person must say whether they are one."""

    asked: str
    paid: str


class Proposal(BaseModel):
    """What the machine proposes, and by what. `digest`: of facts and result; `barred`: grounds of every kind that stand against
    it, as that the same was paid for already; `alike`: what a person must tell apart."""

    made_at: dt.datetime
    digest: str
    grounds: list[GroundFound]
    amount: Yuan | None
    once: list[str]
    barred: list[str]
    used: list[Used]
    alike: list[TellApart] = []

    @property
    def met(self) -> bool | None:
        return self.outcome.met

    @property
    def outcome(self) -> Outcome:
        grounds = tuple(Ground(**one.model_dump()) for one in self.grounds)
        return Outcome(grounds=grounds, amount=self.amount, once=tuple(self.once), used=tuple(self.used))


class Review(BaseModel):
    """What the first officer found, on which proposal (`digest`). `note` is encrypted."""

    approve: bool
    judged: list[str]
    against: list[str]
    amount: Yuan | None
    digest: str
    note: Annotated[str | None, EncryptedAt(TEXT)]


class Step(BaseModel):
    """Something that was done to an application; `note`, encrypted, says why."""

    at: dt.datetime
    move: Move
    by: str
    note: Annotated[str | None, EncryptedAt(TEXT)]


class PauseKept(BaseModel):
    """Days on which the term stood still; `last` is null while it does."""

    first: dt.date
    last: dt.date | None


class Corrected(BaseModel):
    """That a service was wrongly recorded: why (encrypted), by whom and when. It stays on file, and nothing runs from it."""

    reason: Annotated[str, EncryptedAt(TEXT)]
    by: str
    at: dt.datetime


class Served(BaseModel):
    """A decision that was served on the applicant (送达). `letter`: which decision; `on`: the day of receipt, of an announcement that
    of its publication; `served_on`: from when the terms to contest it run; `evidence`: what proves it (encrypted)."""

    letter: str
    way: ServiceWay
    on: dt.date
    served_on: dt.date
    evidence: Annotated[str, EncryptedAt(TEXT)]
    by: str
    at: dt.datetime
    corrected: Corrected | None = None


class Application(Record):
    """An application of any kind.

    `applicant_id`: a worker's id, a credit code, or the subject of a union; `parties`: whose tokens reach it, as `<role>:<id>`.
    `department`: whose officers check it, null while it is a draft. `subjects`: of whom facts decide, by id. `name`, `account` (a
    JSON object of holder, bank and number) and `stated` (what the kind asks, as JSON) are encrypted. `signed`: officers who signed
    the present finding; `away`: those with an interest. `letter_on`: when the decision that stands was made, the first or one anew;
    `served`: when it was served on the applicant, from which it is contested; `review_received_on`: when they received the decision of
    a review that upholds it. `amount`: yuan; `once`: the paid facts it holds. `decisions`: how many
    records there are; `claims`: how often officers decided to claim money back.
    """

    number: str
    kind: str
    applicant_kind: ApplicantKind
    applicant_id: str
    parties: list[str]
    subjects: list[str]
    agent: Agent | None = None
    name: Annotated[str, EncryptedAt(NAME)]
    account: Annotated[str | None, EncryptedAt(ACCOUNT)] = None
    stated: Annotated[str, EncryptedAt(STATED)]
    district: str
    department: str | None = None
    state: State = "draft"
    filed_on: dt.date | None = None
    proposal: Proposal | None = None
    review: Review | None = None
    signed: list[str] = []
    away: list[str] = []
    supplement: Annotated[str | None, EncryptedAt(TEXT)] = None
    supplement_until: dt.date | None = None
    asked_once: bool = False
    received_on: dt.date | None = None
    accepted_on: dt.date | None = None
    pauses: list[PauseKept] = []
    due_on: dt.date | None = None
    overdue: bool = False
    notice_since: dt.date | None = None
    notice_until: dt.date | None = None
    public: bool = False
    open_objections: int = 0
    objections: int = 0
    amount: Yuan | None = None
    grounds: list[str] = []
    once: list[str] = []
    decided_on: dt.date | None = None
    decided_by: list[str] = []
    letter_on: dt.date | None = None
    served: list[Served] = []
    review_received_on: dt.date | None = None
    decisions: int = 0
    claims: int = 0
    queued_at: dt.datetime | None = None
    steps: list[Step] = []
    used: list[Used] = []
    month: str | None = None
    counted: str | None = None

    class Settings:
        name = "subsidy_applications"
        indexes = [
            IndexModel([("parties", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("subjects", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("state", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("state", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("public", ASCENDING), ("state", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def applying(self) -> Applicant:
        assert self.filed_on is not None
        return Applicant(
            kind=self.applicant_kind,
            id=self.applicant_id,
            application_id=self.id,
            filed_on=self.filed_on,
            place=self.district,
        )

    def filing_union(self, day: dt.date) -> str | None:
        """The subject of whoever files it for a trade union as an agent, while the mandate holds."""
        if self.agent is None or self.agent.until < day or not self.agent.party.startswith("union:"):
            return None
        return self.agent.party.removeprefix("union:")

    @property
    def letter(self) -> str:
        """The decision that stands, by its day and number, and how often money was claimed back until then."""
        return f"{self.letter_on or self.decided_on}:{self.decisions}{self.claimed}"

    @property
    def claimed(self) -> str:
        """What tells a decision that money is claimed back from those before it."""
        return f":{self.claims}" if self.claims else ""

    @property
    def service(self) -> Served | None:
        """The service of the decision that stands from which its terms run: the earliest that was not found wrong."""
        own = [one for one in self.served if one.letter == self.letter and one.corrected is None]
        return min(own, key=lambda one: one.served_on, default=None)

    def part(self, number: int) -> str:
        """Under what the money of a later decision is reserved and owed; `number`: the decision's."""
        return f"{self.id}:{number:03}"

    @property
    def reservations(self) -> list[str]:
        """Under what money may be reserved for it and its parts."""
        return [self.id, *(self.part(number) for number in range(2, self.decisions + 1))]

    @property
    def clear_name(self) -> str:
        return decrypt_field(NAME, self.id, self.name)

    @property
    def clear_account(self) -> str | None:
        return None if self.account is None else decrypt_field(ACCOUNT, self.id, self.account)

    @property
    def holder(self) -> str | None:
        """Whose account it is paid into, in clear."""
        kept = self.clear_account
        return None if kept is None else str(json.loads(kept)["holder"])

    @property
    def clear_stated(self) -> str:
        return decrypt_field(STATED, self.id, self.stated)

    @property
    def paused(self) -> list[Pause]:
        return [Pause(one.first, one.last) for one in self.pauses]


class ApplicationCount(Document):
    """How many applications of a month, district and kind stand in each state (`n`); one of several counters of the cell.

    `month` is the one in which they were filed. An application may come in one counter and go in another: only their sum says
    how many there are.
    """

    id: str  # type: ignore[assignment]
    month: str
    district: str
    kind: str
    n: dict[str, int]

    class Settings:
        name = "subsidy_application_counts"
        indexes = [IndexModel([("month", ASCENDING), ("district", ASCENDING)])]


def count(application: Application, tx: Transaction) -> None:
    """Count an application by the state that it is in now, and no more by the one before."""
    if application.month is None or application.counted == application.state:
        return
    change: dict[str, Any] = {f"n.{application.state}": 1}
    if application.counted is not None:
        change[f"n.{application.counted}"] = -1
    application.counted = application.state
    cell = {"month": application.month, "district": application.district, "kind": application.kind}
    key = "|".join([*cell.values(), str(next(_turns) % SLOTS)])
    tx.update(ApplicationCount, key, {"$inc": change, "$set": cell}, upsert=True)


def encrypted(place: str, application_id: str, text: str) -> str:
    return encrypt_field(place, application_id, text)


def clear_text(application_id: str, text: str | None) -> str | None:
    return None if text is None else decrypt_field(TEXT, application_id, text)
