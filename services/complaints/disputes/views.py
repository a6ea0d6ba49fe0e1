"""What HTTP shows of disputes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Self

from pydantic import BaseModel, Field

from services.complaints.cases.documents import Case
from services.complaints.disputes import further_rules, party_rules, rules
from services.complaints.disputes.access import known_to
from services.complaints.disputes.documents import Claim, Dispute, Handover, Interval, clear_entry, clear_party
from services.complaints.disputes.further_rules import FurtherState
from services.complaints.disputes.state_rules import Applicant, Move, Side, State
from services.complaints.members.commands import standing
from services.complaints.officers.commands import registered
from services.complaints.parties.documents import Engagement
from services.complaints.procedures import commands as procedures
from services.complaints.procedures.rules import ClaimKind
from shared.callers import Caller
from shared.contracts.complaints import Category, DisputePartyRole, Forum, SuccessionGround
from shared.contracts.platform import Relation
from shared.policy.parameters import Used, parameters
from shared.storage.records import find


class EntryView(BaseModel):
    """One step in the file; `party`: which of several enterprises took it."""

    on: dt.date
    step: Move
    side: Side | None
    party: str | None
    text: str | None


class AddedView(BaseModel):
    """An enterprise that became a party in arbitration, why, and the last day of its own answer."""

    enterprise: str
    role: DisputePartyRole
    on: dt.date
    by: Side
    answer_by: dt.date | None
    answered_on: dt.date | None
    text: str | None


class SuccessionView(BaseModel):
    """Who took an enterprise's place as party, and why."""

    on: dt.date
    enterprise: str
    successors: list[str]
    ground: SuccessionGround
    text: str | None


class FurtherView(BaseModel):
    """An application that is tried with the dispute's own: a counter-application of `party` or of the worker, or that of another
    dispute, `origin`. `claims`: what it asks while that is not tried; `decide_by`: the last day to decide on it, after which who
    filed it may sue on it, null where nothing is to be decided; `became`: the dispute that it is since it was refused or sued on;
    `taken`: by which ids it stands among the dispute's claims; `answer_by`: the last day to answer it."""

    counter_id: str
    applicant: Applicant
    party: str | None
    origin: str | None
    state: FurtherState
    filed_on: dt.date
    decided_on: dt.date | None
    decide_by: dt.date | None
    answer_by: dt.date | None
    answered_on: dt.date | None
    claims: list[Claim]
    taken: list[str]
    became: str | None
    text: str | None


class DisputeView(BaseModel):
    """A dispute. `applicant`: the side that brought it; `due_on`: the last day of what is open now; `limitation_on`: when the first
    limitation ends, null where none runs; `overdue`: arbitration has not acted in time, and who applied may sue."""

    dispute_id: str
    number: str
    applicant: Applicant
    state: State
    forum: Forum | None
    department: str
    category: Category
    relation: Relation
    enterprises: list[str]
    district: str
    opened_on: dt.date
    due_on: dt.date | None
    overdue: bool
    limitation_on: dt.date | None

    @classmethod
    def of(cls, dispute: Dispute) -> Self:
        return cls(dispute_id=dispute.id, **dispute.model_dump(include={*cls.model_fields} - {"dispute_id"}))


class InspectionOfClaim(BaseModel):
    """A complaint on the same claim that labour inspection looks into."""

    case_id: str
    number: str


class AskingView(BaseModel):
    """A worker who asks to join, with the kinds of what they claim."""

    worker_id: str
    kinds: list[ClaimKind]
    asked_on: dt.date


class DisputeDetail(DisputeView):
    """The same with its file. `workers` are ids, or for an enterprise its own `worker_ref`s; a claim of somebody who was erased names
    nobody. `case_id`: the complaint on the same matter, for who has a part in it, and for officers but where it is in
    confidence or for another circle;
    `finality`: why an award is final or not, by claim; `handed`: which body got the file when, with which evidence."""

    workers: list[str]
    representatives: list[str]
    asking: list[AskingView] = Field(description="Who asks to join, for whoever agrees to it.")
    added: list[AddedView] = Field(
        description="Who became a party in arbitration. Such an enterprise sees the file from the application on."
    )
    successions: list[SuccessionView] = Field(description="What enterprises were merged or divided into.")
    further: list[FurtherView] = Field(description="Counter-applications, and disputes that are tried with this one.")
    joined_to: str | None = Field(description="The dispute that this one is tried with.")
    joint: list[str] = Field(
        description="Who is party by law and not named, the other of dispatching firm and using unit: for the worker and officers."
    )
    case_id: str | None
    origin: str | None
    text: str
    claims: list[Claim]
    facts: list[Interval]
    perform_by: dt.date | None
    confirm_by: dt.date | None
    consents: list[Side]
    direct: bool = Field(description="Whether it may go to court without arbitration.")
    finality: list[str]
    sue_by: dict[Side, dt.date]
    set_aside_by: dt.date | None
    hearing_on: dt.date | None
    doubled: bool = Field(description="A claim of it is decided elsewhere too: two records of one person were merged.")
    inspections: list[InspectionOfClaim] = Field(
        description="Labour inspection looks into the same claim: for who complained, and the body that has the dispute in "
        "hand, but for a complaint in confidence. It ends where the claim goes to arbitration or a court."
    )
    entries: list[EntryView]
    handed: list[Handover]
    rests_on: list[Used]


async def detail_of(dispute: Dispute, caller: Caller) -> DisputeDetail:
    """A dispute as a caller sees it: an enterprise knows its workers by its own references alone."""
    caller = await standing(caller, dispute.workers)
    known = {one: one for one in dispute.workers}
    if caller.role == "platform":
        known = await known_to(caller.uscc, dispute)
    late = caller.role == "platform" and dispute.role_of(caller.uscc) is not None
    shown = _since_application(dispute) if late else dispute
    kept = {*DisputeDetail.model_fields} - {
        "dispute_id", "added", "successions", "further", "joint", "workers", "representatives", "asking", "case_id", "text", "claims",
        "inspections", "entries", "rests_on",
    }  # fmt: skip
    return DisputeDetail(
        dispute_id=dispute.id,
        workers=[known[one] for one in dispute.workers],
        representatives=[known[one] for one in dispute.representatives],
        asking=_asking(dispute, caller),
        added=[AddedView(text=clear_party(dispute, one), **one.model_dump(exclude={"text"})) for one in dispute.added],
        successions=[
            SuccessionView(text=clear_party(dispute, one), **one.model_dump(exclude={"text", "by"}))
            for one in dispute.successions
        ],
        further=[
            FurtherView(
                counter_id=one.id,
                text=clear_party(dispute, one),
                claims=_named(one.claims, known, one.applicant),
                decide_by=further_rules.decide_by(one.filed_on, parameters.on(one.filed_on, place=dispute.district))
                if one.state == "filed"
                else None,
                **one.model_dump(include={*FurtherView.model_fields} - {"counter_id", "text", "claims", "decide_by"}),
            )
            for one in dispute.further
        ],
        joint=[] if caller.role == "platform" else await _joint(dispute),
        case_id=await _case_behind(dispute, caller),
        text=dispute.clear_text,
        claims=_named(dispute.claims, known, dispute.applicant),
        inspections=await _inspections(dispute, caller),
        entries=[
            EntryView(on=one.on, step=one.step, side=one.side, party=one.party, text=clear_entry(dispute, one))
            for one in shown.entries
        ],
        rests_on=dispute.used,
        **shown.model_dump(include=kept),
    )


def _named(claims: Iterable[Claim], known: Mapping[str, str], applicant: Applicant) -> list[Claim]:
    return [
        one.model_copy(update={"worker_id": known.get(one.worker_id, ""), "applicant": one.applicant or applicant})
        for one in claims
    ]


def _since_application(dispute: Dispute) -> Dispute:
    """What a party that was added sees: nothing of what the others tried and agreed before the application."""
    first = party_rules.of_application([entry.step for entry in dispute.entries])
    filed = max((place for place, one in enumerate(dispute.handed) if one.state == "filed"), default=0)
    earlier: dict[str, Any] = {"perform_by": None, "confirm_by": None, "consents": [], "facts": []}
    kept = {"entries": dispute.entries[first:], "handed": dispute.handed[filed:]}
    shown: Dispute = dispute.model_copy(update=earlier | kept)
    return shown


async def _joint(dispute: Dispute) -> list[str]:
    if dispute.applicant == "enterprise" or dispute.state not in party_rules.ADDED_IN:
        return []
    found = await find(Engagement, {"worker_id": {"$in": dispute.workers}})
    return party_rules.joint(dispute.enterprises, [(one.platform, one.partner, one.dispatched) for one in found])


def _asking(dispute: Dispute, caller: Caller) -> list[AskingView]:
    if caller.role != "officer" and caller.worker_id not in dispute.speakers:
        return []
    return [
        AskingView(worker_id=one.worker_id, kinds=[claim.kind for claim in one.claims], asked_on=one.asked_on)
        for one in dispute.asking
    ]


async def _case_behind(dispute: Dispute, caller: Caller) -> str | None:
    """The complaint on the same matter, for who has a part in it, and for officers but where it is in confidence or for
    another circle: an enterprise would learn from it who complains (劳动保障监察条例 art. 9)."""
    case = None if dispute.case_id is None or caller.role == "platform" else await Case.of(dispute.case_id)
    if case is None:
        return None
    return case.id if await _knows(case, caller) else None


async def _inspections(dispute: Dispute, caller: Caller) -> list[InspectionOfClaim]:
    claims = rules.pursued(dispute.claimed, dispute.respondents, dispute.applicant)
    if caller.role == "platform" or not claims:
        return []
    rows = await procedures.standing(claims)
    ids = sorted({one for row in rows for one in row.inspections})
    found = await find(Case, {"_id": {"$in": ids}}) if ids else []
    return [InspectionOfClaim(case_id=case.id, number=case.number) for case in found if await _knows(case, caller)]


async def _knows(case: Case, caller: Caller) -> bool:
    """Whether a worker has a part in a complaint, or an officer may know of it: it is neither in confidence nor for another circle,
    and they do not stay away from it."""
    if caller.role == "worker":
        return caller.worker_id in case.people
    if case.protected or caller.subject in case.away:
        return False
    return case.circle is None or case.circle in (await registered(caller)).circles
