"""Campaigns, their draws and inspections, as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel
from pymongo import ASCENDING, DESCENDING, IndexModel

from services.complaints.cases.documents import Case
from services.complaints.inspections.rules import CampaignState, Cause, Outcome, State, Verdict
from shared.contracts.complaints import CampaignKind, Category
from shared.contracts.platform import Industry
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record
from shared.storage.transaction import Transaction

CLOSED: Final = "inspection.draw_secret"
NOTE: Final = "inspection.note"
STATEMENT: Final = "inspection.statement"
REASON: Final = "inspection.reason"


class Origin(BaseModel):
    """The matter that something begins from."""

    kind: Literal["case", "lead", "inspection"]
    id: str


class Campaign(Record):
    """One campaign. `open_visits`: how many of its inspections are neither made nor called off."""

    kind: CampaignKind
    title: str
    articles: list[str]
    items: list[str]
    department: str
    district: str
    industries: list[Industry] = []
    starts_on: dt.date
    ends_on: dt.date
    announced_by: str
    state: CampaignState
    open_visits: int = 0
    cancellation: Annotated[str | None, EncryptedAt(REASON)] = None

    class Settings:
        name = "inspection_campaigns"
        indexes = [IndexModel([("state", ASCENDING), ("_id", ASCENDING)])]


class Person(BaseModel):
    """An inspector, and the reference under which a draw knows them."""

    ref: str
    subject: str


class Draw(Record):
    """The draw of a campaign; its id is the campaign's. `secret` stays closed until `revealed_at`."""

    lists: dict[str, Any]
    lists_digest: str
    arithmetic: list[dict[str, Any]]
    commitment: str
    secret: Annotated[str, EncryptedAt(CLOSED)]
    source: str
    known_from: dt.datetime
    people: list[Person]
    beacon: str | None = None
    result: list[dict[str, Any]] | None = None
    revealed_at: dt.datetime | None = None
    used: list[Used]

    class Settings:
        name = "inspection_draws"

    @property
    def clear_secret(self) -> str:
        return decrypt_field(CLOSED, self.id, self.secret)


class Finding(BaseModel):
    """What was found of one item. `evidence` are files of the inspection."""

    item: str
    verdict: Verdict
    note: Annotated[str | None, EncryptedAt(NOTE)] = None
    evidence: list[str] = []


class Replaced(BaseModel):
    """An inspector who stayed away after all, and who came in their place."""

    subject: str
    by: str
    reason: Annotated[str, EncryptedAt(REASON)]


class Followed(BaseModel):
    """What followed from items that were found to be violations: an order to put right, or why there is none."""

    items: list[str]
    directive_id: str | None = None
    reason: Annotated[str | None, EncryptedAt(REASON)] = None
    by: str
    on: dt.date


class Inspection(Record):
    """One enterprise's inspection. `inspectors` are subjects of officers; `by_lot`: drawn, and not chosen. `circle`: the sensitive
    category of the case that it comes from, whose officers alone see it."""

    number: str
    campaign_id: str
    kind: CampaignKind
    enterprise: str
    department: str
    district: str
    items: list[str]
    inspectors: list[str]
    by_lot: bool
    origin: Origin | None = None
    circle: Category | None = None
    state: State = "planned"
    visit_by: dt.date
    replaced: list[Replaced] = []
    present: list[str] = []
    visited_on: dt.date | None = None
    findings: list[Finding] = []
    violated: list[str] = []
    outcome: Outcome | None = None
    followed: list[Followed] = []
    statement: Annotated[str | None, EncryptedAt(STATEMENT)] = None
    cause: Cause | None = None
    publish_by: dt.date | None = None
    published_on: dt.date | None = None
    published_by: str | None = None
    used: list[Used] = []

    class Settings:
        name = "inspections"
        indexes = [
            IndexModel([("campaign_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("enterprise", ASCENDING), ("visited_on", DESCENDING)]),
            IndexModel([("origin.id", ASCENDING)], partialFilterExpression={"origin.id": {"$gt": ""}}),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_statement(self) -> str | None:
        return None if self.statement is None else decrypt_field(STATEMENT, self.id, self.statement)

    def clear_note(self, finding: Finding) -> str | None:
        return None if finding.note is None else decrypt_field(NOTE, self.id, finding.note)

    def clear_reason(self, followed: Followed) -> str | None:
        return None if followed.reason is None else decrypt_field(REASON, self.id, followed.reason)

    @property
    def matter(self) -> str:
        """Under what the files of the inspection are kept."""
        return f"inspection:{self.id}"


def encrypted_secret(campaign_id: str, secret: str) -> str:
    return encrypt_field(CLOSED, campaign_id, secret)


def encrypted_reason(record_id: str, reason: str) -> str:
    return encrypt_field(REASON, record_id, reason)


def encrypted_note(inspection_id: str, note: str) -> str:
    return encrypt_field(NOTE, inspection_id, note)


def encrypted_statement(inspection_id: str, statement: str) -> str:
    return encrypt_field(STATEMENT, inspection_id, statement)


async def begun(origin: Origin, tx: Transaction | None = None) -> tuple[str, Case | None]:
    """What an act began with, behind whatever inspections led to it: its root, and the case where it is one."""
    while origin.kind == "inspection":
        inspection = await Inspection.of(origin.id, tx)
        if inspection is None or inspection.origin is None:
            break
        origin = inspection.origin
    case = await Case.of(origin.id, tx) if origin.kind == "case" else None
    return f"{origin.kind}:{origin.id}", case
