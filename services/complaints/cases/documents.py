"""Cases as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.cases.rules import Channel, Dispute, Kind, Move, Proposal, State, Step
from shared.contracts.complaints import CaseOutcome, Category, ClosingReason, RefusalGround
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record
from shared.storage.taken import Taken

TEXT, REFUSAL = "case.text", "case.refusal"
NOTE: Final = "case.note"
NAME, PHONE, RELATION = "case.reporter_name", "case.reporter_phone", "case.reporter_relation"
OPINION: Final = "case.opinion"
HANDED_OVER: Final = {"reporter.hotline.line": {"$gt": ""}}
"""The condition on cases that a hotline handed over."""
REPORTER: Final = "reporter"
"""Who has no token, as the history of a case names them."""
FILERS: Final = ("worker", "union", REPORTER)
"""The roles of those who file a case, as its history names them."""


class Hotline(BaseModel):
    """The call that a case was handed over from."""

    line: str
    number: str
    called_at: dt.datetime


class Reporter(BaseModel):
    """How a case came in, and how to reach who reported. `by` is the subject of the union or officer that filed it."""

    channel: Channel = "worker"
    by: str | None = None
    name: Annotated[str | None, EncryptedAt(NAME)] = None
    phone: Annotated[str | None, EncryptedAt(PHONE)] = None
    relation: Annotated[str | None, EncryptedAt(RELATION)] = None
    hotline: Hotline | None = None


class Happening(BaseModel):
    """What happened to a case: when, which move, by whom (the role, and an officer's subject), and what they wrote."""

    at: dt.datetime
    move: Move
    by: str
    note: Annotated[str | None, EncryptedAt(NOTE)] = None


class Rating(BaseModel):
    """How content the complainant is, from 1 to 5, and why."""

    grade: int
    opinion: Annotated[str | None, EncryptedAt(OPINION)] = None


class Part(BaseModel):
    """What a person's part in a case is called, where the events on it do not name them."""

    worker_id: str
    part_id: str


class Case(Record):
    """One complaint or report. Texts and who reported are encrypted; `provisional`: a term crosses a year without a
    calendar yet. `worker_id` is the person harmed, null where nobody knows who that is.

    `erased`: who complained is erased, and nobody else does.

    `inquiry_id` is the case's name for the enterprise, from which neither the case nor its time is found; `code` the keyed
    hash by which who has no token follows it. `away`: officers who stay away because of an interest. `asking`: who asks
    to join, and may not read it yet. `punishing`: penalties that arose from it and are not decided yet. `parts`: those of whom the
    registry hears that the case keeps their record, though no event on the case names them. `outcome`: how it was decided;
    `earlier_ratings`: those of before it was opened again.
    """

    number: str
    worker_id: str | None
    platform: str | None
    category: Category
    category_chosen: bool
    article: str
    departments: list[str]
    lead_department: str
    district: str
    occurred_on: dt.date
    continuing: bool
    text: Annotated[str, EncryptedAt(TEXT)]
    state: State = "opened"
    accept_by: dt.date
    decide_by: dt.date | None = None
    provisional: bool
    missed: list[Step] = []
    refusal: Annotated[str | None, EncryptedAt(REFUSAL)] = None
    used: list[Used]

    kind: Kind = "complaint"
    reporter: Reporter = Reporter()
    confidential: bool = False
    dispute: Dispute | None = None
    proposed: Proposal = "accept"
    ground: RefusalGround | None = None
    circle: Category | None = None
    handler: str | None = None
    away: list[str] = []
    due_on: dt.date | None = None
    returned_on: dt.date | None = None
    ended_on: dt.date | None = None
    ending: ClosingReason | None = None
    outcome: CaseOutcome | None = None
    members: list[str] = []
    asking: list[str] = []
    representatives: list[str] = []
    links: list[str] = []
    punishing: list[str] = []
    history: list[Happening] = []
    inquiry_id: str | None = None
    code: str | None = None
    rating: Rating | None = None
    earlier_ratings: list[Rating] = []
    erased: bool = False
    parts: list[Part] = []

    class Settings:
        name = "cases"
        indexes = [
            IndexModel([("worker_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("members", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("asking", ASCENDING)]),
            IndexModel([("reporter.by", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("reporter.hotline.line", ASCENDING), ("_id", ASCENDING)], partialFilterExpression=HANDED_OVER),
            IndexModel(
                [("reporter.hotline.line", ASCENDING), ("reporter.hotline.number", ASCENDING), ("_id", ASCENDING)],
                partialFilterExpression=HANDED_OVER,
            ),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("departments", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("handler", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("platform", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("platform", ASCENDING), ("category", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("category", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("provisional", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("away", ASCENDING)], partialFilterExpression={"away.0": {"$gt": ""}}),
            IndexModel([("due_on", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_text(self) -> str:
        return decrypt_field(TEXT, self.id, self.text)

    @property
    def clear_refusal(self) -> str | None:
        return None if self.refusal is None else decrypt_field(REFUSAL, self.id, self.refusal)

    @property
    def matter(self) -> str:
        """The case as what evidence belongs to."""
        return f"case:{self.id}"

    @property
    def begun_at(self) -> dt.datetime:
        """When the present investigation began, of a case that was accepted."""
        return max(one.at for one in self.history if one.move == "accept")

    @property
    def own_words(self) -> str:
        """What whoever filed the case wrote, at first and later."""
        notes = [clear(NOTE, self.id, one.note) for one in self.history if one.by in FILERS]
        return "".join([self.clear_text, *(note for note in notes if note)])

    @property
    def filing_union(self) -> str | None:
        """The subject of whoever filed it for a union."""
        return self.reporter.by if self.reporter.channel == "union" else None

    @property
    def protected(self) -> bool:
        """Whether nothing may reach the enterprise that could show who reported (劳动保障监察条例 art. 9)."""
        return self.confidential or self.kind == "report"

    @property
    def ended_unseen(self) -> bool:
        """Whether the enterprise does not hear that it is over: it is in confidence, and who complains has gone to arbitration or a
        court, so that the moment would tell who they are (劳动保障监察条例 art. 9)."""
        return self.protected and self.ending == "to_dispute"

    @property
    def people(self) -> list[str]:
        """The person harmed, and whoever joined them."""
        return [*([self.worker_id] if self.worker_id else []), *self.members]


class CaseNumber(Taken):
    """The number of a case, and the case that has it."""

    class Settings:
        name = "case_numbers"


class HotlineCall(Taken):
    """That a call which a hotline handed over is on file against an enterprise, and the case; its id is the keyed hash of line,
    number and enterprise."""

    class Settings:
        name = "hotline_calls"


def encrypted(place: str, case_id: str, text: str | None) -> str | None:
    return None if text is None else encrypt_field(place, case_id, text)


def clear(place: str, case_id: str, token: str | None) -> str | None:
    return None if token is None else decrypt_field(place, case_id, token)


def encrypted_text(case_id: str, text: str) -> str:
    return encrypt_field(TEXT, case_id, text)
