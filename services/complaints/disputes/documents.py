"""Disputes as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.disputes.further_rules import FurtherState
from services.complaints.disputes.limitation import Ground, Happened
from services.complaints.disputes.rules import Claim as Claimed
from services.complaints.disputes.state_rules import Applicant, Move, Side, State
from services.complaints.procedures.rules import ClaimKind
from shared.contracts.complaints import Category, DisputePartyRole, Forum, SuccessionGround
from shared.contracts.platform import Relation
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record
from shared.storage.taken import Taken

TEXT, ENTRY, PARTY = "dispute.text", "dispute.entry", "dispute.party"
Term = Side | Literal["set_aside", "confirm"]
"""A party's own term: to sue, to have a final award set aside, or to have an agreement confirmed."""


class Claim(BaseModel):
    """What one of the workers claims. `known_on`: since when they know of it. `limitation_on`: its last day; see `limitation`.
    `joined_on`: when its worker joined, or it was brought into the dispute, null where it was there from the beginning; `bound`: the
    enterprises that an award on it binds. `applicant`: the side that claims it, `parties`: the enterprises that bring it or that it is
    against, where it came with a further application; else the dispute's."""

    id: str
    worker_id: str
    kind: ClaimKind
    known_on: dt.date
    amount: Yuan | None = None
    awarded: Yuan | None = None
    iou: bool = False
    limitation_on: dt.date | None = None
    joined_on: dt.date | None = None
    bound: list[str] = []
    applicant: Applicant | None = None
    parties: list[str] = []

    @property
    def claimed(self) -> Claimed:
        return Claimed(**self.model_dump(exclude={"limitation_on", "joined_on", "bound"}))


class Asking(BaseModel):
    """A worker who asks to join, and what they claim; each claim gets its id when they are taken in."""

    worker_id: str
    claims: list[Claim]
    asked_on: dt.date


class Interval(BaseModel):
    """What interrupts or suspends the limitation."""

    ground: Ground
    first: dt.date
    last: dt.date | None = None

    @property
    def happened(self) -> Happened:
        return Happened(self.ground, self.first, self.last)


class Entry(BaseModel):
    """One step in the file: the day, what was done, by which side and, of several enterprises, which `party`, and what was written,
    encrypted."""

    on: dt.date
    step: Move
    side: Side | None
    by: str | None
    party: str | None = None
    text: Annotated[str | None, EncryptedAt(ENTRY)] = None


class Added(BaseModel):
    """An enterprise that became a party later, by which side, and why, encrypted. `answer_by`: the last day of its own answer, null
    until the copies of the application are served."""

    enterprise: str
    role: DisputePartyRole
    on: dt.date
    by: Side
    answer_by: dt.date | None = None
    answered_on: dt.date | None = None
    text: Annotated[str | None, EncryptedAt(PARTY)] = None


class Succession(BaseModel):
    """What took an enterprise's place as party, and why, as an officer recorded it; the reason encrypted."""

    on: dt.date
    enterprise: str
    successors: list[str]
    ground: SuccessionGround
    by: str
    text: Annotated[str | None, EncryptedAt(PARTY)] = None


class Further(BaseModel):
    """An application that is tried with the one that the dispute began with: a counter-application, which `party` of several
    enterprises filed, or that of another dispute, its `origin`. What it says is encrypted. Its claims stand here while it is not
    taken up, and in the dispute then under the ids `taken`; one that was refused `became` a dispute of its own, to sue on.
    `answer_by`: the last day of the other side's answer to a counter-application."""

    id: str
    applicant: Applicant
    party: str | None = None
    origin: str | None = None
    state: FurtherState = "filed"
    filed_on: dt.date
    decided_on: dt.date | None = None
    answer_by: dt.date | None = None
    answered_on: dt.date | None = None
    claims: list[Claim] = []
    taken: list[str] = []
    became: str | None = None
    text: Annotated[str | None, EncryptedAt(PARTY)] = None


class Handover(BaseModel):
    """A forum was given the file: in which state, and with the evidence that there was."""

    on: dt.date
    forum: Forum
    state: State
    evidence: list[str]


class Dispute(Record):
    """A dispute of one or several workers with one or several enterprises.

    `applicant`: the side that brought it; an enterprise's own is against one worker, and its `claims` are the enterprise's of them.
    `text` says what it is about, encrypted. `representatives` act for ten or more (劳动争议调解仲裁法 art. 7); the first worker where
    there are none. `forum` has it in hand, `department` acts for it, `departments` read it. `due_on` is the last day of what is
    open, `sue_by` and `set_aside_by` the parties' after an award, `runs_from` the days from which these and `confirm_by` run,
    as far as a version kept them. `mediated`: mediators made the agreement, null where a version did not keep it. `direct`: it may go
    to court without arbitration. `matter` is the key of its evidence: that of the dispute that it was split off from, named by
    `origin`, where it was. `away`: officers who stay away from it, `standing_back`: those of whom that is asked. `erased`: workers
    whose data goes once it is decided. `asking`: who asks to join.
    `added`: who of the `enterprises` became a party in arbitration. `successions`: who took whose place. `further`: applications that
    are tried with it; `joined_to`: the dispute that it is itself tried with.
    """

    number: str
    matter: str
    applicant: Applicant = "worker"
    workers: list[str]
    erased: list[str] = []
    representatives: list[str] = []
    asking: list[Asking] = []
    enterprises: list[str]
    added: list[Added] = []
    successions: list[Succession] = []
    further: list[Further] = []
    joined_to: str | None = None
    relation: Relation
    relation_ended_on: dt.date | None = None
    category: Category
    district: str
    case_id: str | None = None
    origin: str | None = None
    text: Annotated[str, EncryptedAt(TEXT)]
    claims: list[Claim]
    facts: list[Interval] = []
    state: State = "grievance"
    forum: Forum | None = None
    department: str
    departments: list[str] = []
    opened_on: dt.date
    stepped_on: dt.date
    due_on: dt.date | None = None
    overdue: bool = False
    perform_by: dt.date | None = None
    confirm_by: dt.date | None = None
    consents: list[Side] = []
    mediated: bool | None = None
    direct: bool = False
    after: Literal["final", "other"] | None = None
    finality: list[str] = []
    sue_by: dict[Side, dt.date] = {}
    set_aside_by: dt.date | None = None
    runs_from: dict[Term, dt.date] = {}
    hearing_on: dt.date | None = None
    limitation_on: dt.date | None = None
    warned: list[str] = []
    doubled: bool = False
    away: list[str] = []
    standing_back: list[str] = []
    entries: list[Entry] = []
    handed: list[Handover] = []
    used: list[Used]

    class Settings:
        name = "disputes"
        indexes = [
            IndexModel([("workers", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("enterprises", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("departments", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("departments", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("number", ASCENDING)]),
            IndexModel([("asking.worker_id", ASCENDING)]),
        ]

    @property
    def clear_text(self) -> str:
        return decrypt_field(TEXT, self.id, self.text)

    @property
    def claimed(self) -> list[Claimed]:
        return [claim.claimed for claim in self.claims]

    @property
    def held(self) -> list[Claimed]:
        """What it may claim alone: its claims, with those of counter-applications that wait for a decision."""
        return [*self.claimed, *(claim.claimed for one in self.further if one.state == "filed" for claim in one.claims)]

    def of_side(self, side: Applicant) -> list[Claim]:
        """The claims that a side has brought."""
        return [claim for claim in self.claims if (claim.applicant or self.applicant) == side]

    @property
    def steps(self) -> list[tuple[Move, Side | None]]:
        return [(entry.step, entry.side) for entry in self.entries]

    @property
    def respondents(self) -> list[str]:
        """The enterprises that have a claim against them, or bring one: all but third parties."""
        third = {one.enterprise for one in self.added if one.role == "third_party"}
        return [one for one in self.enterprises if one not in third]

    def role_of(self, enterprise: str | None) -> DisputePartyRole | None:
        """As what an enterprise was added; None of one that is a party from the beginning."""
        return next((one.role for one in self.added if one.enterprise == enterprise), None)

    def places_of(self, enterprise: str | None) -> list[str | None]:
        """An enterprise, and those whose place it has taken."""
        found = [enterprise]
        for one in reversed(self.successions):
            if {*one.successors} & {*found}:
                found.append(one.enterprise)
        return found

    @property
    def was_mediated(self) -> bool:
        return self.forum is not None if self.mediated is None else self.mediated

    @property
    def speakers(self) -> list[str]:
        """The workers who act for all of them."""
        return self.representatives or self.workers[:1]

    def split(self, own_id: str, number: str, claims: list[Claim]) -> Self:
        """A dispute of some of the claims, with the same file."""
        rest = self.model_dump(
            exclude={
                "id",
                "revision",
                "created_at",
                "updated_at",
                "number",
                "claims",
                "text",
                "entries",
                "added",
                "successions",
                "further",
                "asking",
            }
        )
        entries = [
            entry.model_copy(update={"text": encrypted_entry(own_id, clear_entry(self, entry))})
            for entry in self.entries
        ]
        added = [one.model_copy(update={"text": encrypted_party(own_id, clear_party(self, one))}) for one in self.added]
        successions = [
            one.model_copy(update={"text": encrypted_party(own_id, clear_party(self, one))}) for one in self.successions
        ]
        kept = {claim.id for claim in claims}
        self.claims = [claim for claim in self.claims if claim.id not in kept]
        return type(self)(
            **rest | {"origin": f"dispute:{self.id}"},
            id=own_id,
            number=number,
            text=encrypted_text(own_id, self.clear_text),
            claims=claims,
            entries=entries,
            added=added,
            successions=successions,
        )


class DisputeClaim(Taken):
    """A claim that a deciding procedure has, or has decided on, and the dispute that it stands in; see `rules.claim_keys`."""

    class Settings:
        name = "dispute_claims"


def encrypted_text(dispute_id: str, text: str) -> str:
    return encrypt_field(TEXT, dispute_id, text)


def encrypted_entry(dispute_id: str, text: str | None) -> str | None:
    return None if text is None else encrypt_field(ENTRY, dispute_id, text)


def clear_entry(dispute: Dispute, entry: Entry) -> str | None:
    return None if entry.text is None else decrypt_field(ENTRY, dispute.id, entry.text)


def encrypted_party(dispute_id: str, text: str | None) -> str | None:
    return None if text is None else encrypt_field(PARTY, dispute_id, text)


def clear_party(dispute: Dispute, about: Added | Succession | Further) -> str | None:
    return None if about.text is None else decrypt_field(PARTY, dispute.id, about.text)
