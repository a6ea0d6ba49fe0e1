"""Penalties over HTTP: officers take the steps, the enterprise reads its own, speaks, and asks, everybody reads what is public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, StringConstraints

from services.complaints.directives.rules import Violation
from services.complaints.evidence import commands as evidence
from services.complaints.evidence.documents import Evidence
from services.complaints.evidence.rules import Party
from services.complaints.evidence.views import LARGEST_REQUEST, EvidenceView, HandedIn, download, evidence_page
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty
from services.complaints.parties.documents import Enterprise
from services.complaints.penalties import commands
from services.complaints.penalties.access import origin_of, own_penalty, penalty_in_hand, penalty_of, seen_by
from services.complaints.penalties.commands import Closing, Filed, Meant
from services.complaints.penalties.documents import Charge, ContestKind, Penalty
from services.complaints.penalties.ground_rules import Ground
from services.complaints.penalties.rules import Intended, Leniency, Mitigation, OriginKind
from services.complaints.penalties.views import PenaltyFile, PenaltyView, PublicPenalty, ToldRow, ToldView
from shared.callers import Caller
from shared.contracts.platform import Relation
from shared.errors import RuleBroken
from shared.ids import new_id
from shared.storage.audit import write_down
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Platform
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import District, Uscc
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers

creating = APIRouter(prefix="/v1", tags=["penalties 行政处罚"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])
public = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])

Punisher = Annotated[Caller, callers(departments=[HRSS], district="document")]
Concerned = Annotated[Caller, callers("platform", departments=[HRSS], district="document")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Subject = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]


class PenaltyBody(BaseModel):
    """A filing. `relation`: the footing of those who are harmed; `ended_on`: None while the act goes on; `harmed`: it harmed life
    or health; `another_act`: why it is another act than one that looks alike."""

    origin: OriginKind
    origin_id: str | None = Field(default=None, max_length=64)
    enterprise: Uscc
    district: District
    violation: Violation
    grounds: list[Ground] = Field(min_length=1, max_length=3)
    relation: Relation
    began_on: dt.date
    ended_on: dt.date | None = None
    harmed: bool = False
    another_act: Text | None = None

    @property
    def filed(self) -> Filed:
        return Filed(**self.model_dump(exclude={"origin", "origin_id"}))


class ChargeBody(BaseModel):
    """A ground, with how many persons were harmed, or the sum that its fine is a multiple of (yuan)."""

    ground: Ground
    persons: int | None = Field(default=None, ge=1, le=100_000)
    sum: Decimal | None = Field(default=None, gt=0, max_digits=12, decimal_places=2)


class PenaltyConclusion(BaseModel):
    """What was found, by which officers, and whether the matter is grave or complicated."""

    facts: Text
    charges: list[ChargeBody] = Field(min_length=1, max_length=3)
    officers: list[Subject] = Field(min_length=1, max_length=10)
    grave: bool = False


class LongerBody(BaseModel):
    """By how many days, and why."""

    days: int = Field(ge=1, le=365)
    text: Text


class PenaltyText(BaseModel):
    """What somebody writes."""

    text: Text


class MeantBody(BaseModel):
    """A penalty: a warning, a fine (yuan; 0: none), the text of the letter, and why the amount is what it is."""

    warning: bool = False
    fine: Money
    text: Text
    amount_reasons: Text
    mitigation: list[Mitigation] = Field(default=[], max_length=4)

    @property
    def meant(self) -> Meant:
        return Meant(
            intended=Intended(self.warning, self.fine),
            text=self.text,
            amount_reasons=self.amount_reasons,
            mitigation=self.mitigation,
        )


class NoticeBody(MeantBody):
    """A penalty that is intended, and how the enterprise is told."""

    by: Short


class DiscussionBody(BaseModel):
    """A collective discussion: when, by whom, and what was said."""

    on: dt.date
    people: list[Short] = Field(min_length=2, max_length=20)
    record: Text


class DecisionBody(MeantBody):
    """A penalty as it is decided, and the discussion where the matter is grave."""

    discussion: DiscussionBody | None = None


class HearingDay(BaseModel):
    """When and where a hearing is held."""

    on: dt.date
    place: Short


class HearingRecord(BaseModel):
    """The record of a hearing, and whether the enterprise came."""

    text: Text
    appeared: bool


class ReviewBody(BaseModel):
    """Whether the legal review passes the matter."""

    passed: bool
    text: Text


class ClosingBody(BaseModel):
    """How it ends without a penalty: `leave` (不予处罚, with the rule), `drop` (违法事实不能成立), `refer` (移送司法机关)."""

    how: Closing
    leniency: Leniency | None = None
    text: Text


class PenaltyService(BaseModel):
    """How and on which day a decision was served."""

    on: dt.date
    by: Short


class PaymentBody(BaseModel):
    """What the bank took in, and its receipt."""

    amount: Decimal = Field(gt=0, max_digits=12, decimal_places=2)
    on: dt.date
    receipt: Short


class DeferralBody(BaseModel):
    """Whether a fine may be paid later or in monthly parts, how many, and when the first is due."""

    yes: bool
    text: Text
    parts: int | None = Field(default=None, ge=1, le=100)
    first: dt.date | None = None


class ReminderBody(BaseModel):
    """How the enterprise is reminded."""

    by: Short


class ContestBody(BaseModel):
    """A review or suit that the enterprise began."""

    kind: ContestKind
    on: dt.date


class ContestEnd(BaseModel):
    """How a review or suit ended: `fine` is the lower one that it was changed to."""

    on: dt.date
    annulled: bool = False
    fine: Decimal | None = Field(default=None, gt=0, max_digits=12, decimal_places=2)
    text: Text


@public.get("/public-penalties")
async def list_public(page: PageAsked) -> Page[PublicPenalty]:
    """Decisions that are published, the newest first; of those that were taken back, that and why (行政处罚法 art. 48)."""
    shown = await Page.of(Penalty, {"public": True}, lambda one: one, page, sort="-_id")
    names = {
        one.id: one.name
        for one in await find(Enterprise, {"_id": {"$in": sorted({one.enterprise for one in shown.items})}})
    }
    items = [PublicPenalty.of(one, names.get(one.enterprise, "")) for one in shown.items]
    return Page(items=items, next=shown.next)


@creating.post("/penalties", status_code=201)
async def file(body: PenaltyBody, caller: Punisher, response: Response) -> PenaltyFile:
    """Open the procedure (立案; 行政处罚法 art. 54)."""
    penalty_id, filed = new_id(), body.filed

    async def store(tx: Transaction) -> Penalty:
        origin, officer = await origin_of(body.origin, body.origin_id, filed, caller, tx)
        await write_down("penalty.filed", penalty_id, caller, tx)
        return await commands.file(penalty_id, filed, origin, officer, tx)

    penalty = await transact(store)
    response.headers["Location"] = f"/v1/penalties/{penalty.id}"
    return _shown(penalty, response)


@router.get("/penalties")
async def list_penalties(caller: Punisher, page: PageAsked) -> Page[PenaltyView]:
    """Penalties within an officer's reach, the newest first."""
    return await Page.of(Penalty, await seen_by(caller), PenaltyView.of, page, sort="-_id")


@router.get("/penalties/told")
async def list_told(platform: Platform, page: PageAsked) -> Page[ToldRow]:
    """An enterprise's own penalties that it was told of, the newest first."""
    return await Page.of(Penalty, await seen_by(platform), ToldRow.of, page, sort="-_id")


@router.get("/penalties/{penalty_id}")
async def read_penalty(penalty_id: str, caller: Punisher, response: Response) -> PenaltyFile:
    """A penalty with all that belongs to it, for officers."""
    return _shown(await penalty_of(penalty_id, caller), response)


@router.get("/penalties/{penalty_id}/letter")
async def read_letter(penalty_id: str, platform: Platform, response: Response) -> ToldView:
    """A penalty as the enterprise was told of it."""
    return _told(await penalty_of(penalty_id, platform), response)


@router.post("/penalties/{penalty_id}/conclusion")
async def conclude(
    penalty_id: str, body: PenaltyConclusion, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Conclude the investigation (行政处罚法 art. 54, 57)."""
    charges = [Charge(**one.model_dump()) for one in body.charges]
    return await _acted(
        penalty_id, caller, "handler", "concluded", seen, response,
        lambda one, who, tx: commands.conclude(
            one, body.facts, charges, body.officers, who, grave=body.grave, tx=tx
        ),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/extension-request")
async def ask_extension(
    penalty_id: str, body: LongerBody, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Propose a longer term to decide."""
    return await _acted(
        penalty_id, caller, "handler", "extension_asked", seen, response,
        lambda one, who, tx: commands.ask_extension(one, body.days, body.text, who, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/extension")
async def extend(
    penalty_id: str, body: PenaltyText, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Approve the longer term, as another officer."""
    return await _acted(
        penalty_id, caller, "approver", "extended", seen, response,
        lambda one, who, tx: commands.extend(one, body.text, who, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/notice")
async def notify(
    penalty_id: str, body: NoticeBody, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Tell the enterprise what is intended (事先告知; 行政处罚法 art. 44)."""
    return await _acted(
        penalty_id, caller, "handler", "notified", seen, response,
        lambda one, _, tx: commands.notify(one, body.meant, body.by, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/hearing-day")
async def set_hearing(
    penalty_id: str, body: HearingDay, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Set the hearing that was asked for, and hold it oneself (行政处罚法 art. 64)."""
    return await _acted(
        penalty_id, caller, "approver", "hearing_set", seen, response,
        lambda one, who, tx: commands.set_hearing(one, body.on, body.place, who, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/hearing")
async def hear(
    penalty_id: str, body: HearingRecord, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Record the hearing."""
    return await _acted(
        penalty_id, caller, "approver", "heard", seen, response,
        lambda one, who, tx: commands.hear(one, body.text, who, appeared=body.appeared, tx=tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/review")
async def review(
    penalty_id: str, body: ReviewBody, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Record the legal review (法制审核; 行政处罚法 art. 58)."""
    return await _acted(
        penalty_id, caller, "approver", "reviewed", seen, response,
        lambda one, who, tx: commands.review(one, body.text, who, passed=body.passed, tx=tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/decision")
async def decide(
    penalty_id: str, body: DecisionBody, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Decide, as another officer than who investigated and reviewed (行政处罚法 art. 57)."""
    talk = body.discussion
    discussion = None if talk is None else (talk.on, talk.people, talk.record)
    return await _acted(
        penalty_id, caller, "approver", "decided", seen, response,
        lambda one, who, tx: commands.decide(one, body.meant, discussion, who, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/closing")
async def close(
    penalty_id: str, body: ClosingBody, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """End it without a penalty (行政处罚法 art. 33, 57), as another officer than who investigated."""
    return await _acted(
        penalty_id, caller, "approver", "closed", seen, response,
        lambda one, who, tx: commands.close(one, body.how, body.text, body.leniency, who, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/service")
async def serve(
    penalty_id: str, body: PenaltyService, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Record that the decision was served (行政处罚法 art. 61)."""
    return await _acted(
        penalty_id, caller, "handler", "served", seen, response,
        lambda one, _, tx: commands.serve(one, body.on, body.by, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/payments")
async def pay(
    penalty_id: str, body: PaymentBody, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Take in what the bank received (行政处罚法 art. 67)."""
    return await _acted(
        penalty_id, caller, "handler", "paid", seen, response,
        lambda one, _, tx: commands.pay(one, body.amount, body.on, body.receipt, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/deferral")
async def decide_deferral(
    penalty_id: str, body: DeferralBody, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Let a fine be paid later or in parts, or refuse that (行政处罚法 art. 66)."""
    plan = None if body.parts is None or body.first is None else (body.parts, body.first)
    if body.yes is (plan is None):
        raise RuleBroken("instalments", "同意的须写明期数和首期日期", "what is granted says how many parts, from when")
    return await _acted(
        penalty_id, caller, "approver", "deferral_decided", seen, response,
        lambda one, _, tx: commands.decide_deferral(one, body.text, plan, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/reminder")
async def remind(
    penalty_id: str, body: ReminderBody, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Remind the enterprise to pay (催告; 行政强制法 art. 54)."""
    return await _acted(
        penalty_id, caller, "handler", "reminded", seen, response,
        lambda one, _, tx: commands.remind(one, body.by, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/court-application")
async def go_to_court(penalty_id: str, caller: Punisher, seen: RevisionSeen, response: Response) -> PenaltyFile:
    """Record that a court was applied to (行政强制法 art. 53)."""
    return await _acted(
        penalty_id, caller, "handler", "taken_to_court", seen, response,
        lambda one, _, tx: commands.go_to_court(one, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/execution-end")
async def end(
    penalty_id: str, body: PenaltyText, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Record that the execution ended without full payment."""
    return await _acted(
        penalty_id, caller, "approver", "ended", seen, response,
        lambda one, _, tx: commands.end(one, body.text, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/contests")
async def contest(
    penalty_id: str, body: ContestBody, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Record a review or suit, during which nothing is added (行政处罚法 art. 73)."""
    return await _acted(
        penalty_id, caller, "handler", "contested", seen, response,
        lambda one, _, tx: commands.contest(one, body.kind, body.on, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/contest-end")
async def end_contest(
    penalty_id: str, body: ContestEnd, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Record how a review or suit ended."""
    return await _acted(
        penalty_id, caller, "approver", "contest_ended", seen, response,
        lambda one, _, tx: commands.end_contest(one, body.on, body.fine, body.text, annulled=body.annulled, tx=tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/annulment")
async def annul(
    penalty_id: str, body: PenaltyText, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Annul a decision, as another officer than who made it (行政处罚法 art. 75)."""
    return await _acted(
        penalty_id, caller, "approver", "annulled", seen, response,
        lambda one, who, tx: commands.annul(one, body.text, who, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/publication")
async def publish(
    penalty_id: str, body: PenaltyText, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Publish a decision of some public influence (行政处罚法 art. 48)."""
    return await _acted(
        penalty_id, caller, "approver", "published", seen, response,
        lambda one, who, tx: commands.publish(one, body.text, who, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/statement")
async def state(
    penalty_id: str, body: PenaltyText, platform: Platform, seen: RevisionSeen, response: Response
) -> ToldView:
    """State and defend (陈述申辩; 行政处罚法 art. 45); files are handed in as evidence."""
    return await _own(penalty_id, platform, seen, response, lambda one, tx: commands.state(one, body.text, tx))


@router.post("/penalties/{penalty_id}/waiver")
async def waive(penalty_id: str, platform: Platform, seen: RevisionSeen, response: Response) -> ToldView:
    """Say that one will not state, defend or be heard any more (行政处罚法 art. 62)."""
    return await _own(penalty_id, platform, seen, response, commands.waive)


@router.post("/penalties/{penalty_id}/hearing-request")
async def ask_hearing(
    penalty_id: str, body: PenaltyText, platform: Platform, seen: RevisionSeen, response: Response
) -> ToldView:
    """Ask for a hearing (行政处罚法 art. 63)."""
    return await _own(penalty_id, platform, seen, response, lambda one, tx: commands.ask_hearing(one, body.text, tx))


@router.post("/penalties/{penalty_id}/deferral-request")
async def ask_deferral(
    penalty_id: str, body: PenaltyText, platform: Platform, seen: RevisionSeen, response: Response
) -> ToldView:
    """Ask to pay later or in parts (行政处罚法 art. 66)."""
    return await _own(penalty_id, platform, seen, response, lambda one, tx: commands.ask_deferral(one, body.text, tx))


@creating.post("/penalties/{penalty_id}/evidence", status_code=201, max_body_size=LARGEST_REQUEST)
async def hand_in(penalty_id: str, file: HandedIn, caller: Concerned) -> EvidenceView:
    """Hand in a file, as the enterprise or an officer."""

    async def store(tx: Transaction) -> Evidence:
        if caller.role == "officer":
            penalty, _ = await penalty_in_hand(penalty_id, caller, "handler", None, tx)
        else:
            penalty = await penalty_of(penalty_id, caller, tx)
        return await evidence.keep(penalty.matter, _party(caller), file, tx)

    return EvidenceView.of(await transact(store))


@router.get("/penalties/{penalty_id}/evidence")
async def list_evidence(penalty_id: str, caller: Concerned, page: PageAsked) -> Page[EvidenceView]:
    """The files of a penalty that the caller may see."""
    penalty = await penalty_of(penalty_id, caller)
    return await evidence_page(penalty.matter, _party(caller), page)


@router.get("/penalties/{penalty_id}/evidence/{evidence_id}/content")
async def read_evidence(penalty_id: str, evidence_id: str, caller: Concerned) -> Response:
    """A file of a penalty; that an officer reads it is written down."""
    penalty = await penalty_of(penalty_id, caller)
    found = await evidence.evidence_of(penalty.matter, evidence_id, _party(caller))
    if caller.role == "officer":
        await write_down("evidence.read", found.id, caller)
    return await download(found)


def _party(caller: Caller) -> Party:
    return "officer" if caller.role == "officer" else "enterprise"


async def _own(
    penalty_id: str,
    platform: Caller,
    seen: int,
    response: Response,
    work: Callable[[Penalty, Transaction], Awaitable[Penalty]],
) -> ToldView:
    async def act(tx: Transaction) -> Penalty:
        return await work(await own_penalty(penalty_id, platform, seen, tx), tx)

    return _told(await transact(act), response)


async def _acted(
    penalty_id: str,
    caller: Caller,
    duty: Duty,
    step: str,
    seen: int,
    response: Response,
    work: Callable[[Penalty, Officer, Transaction], Awaitable[Penalty]],
) -> PenaltyFile:
    """Take a step as an officer, and write it down with what it changes."""

    async def act(tx: Transaction) -> Penalty:
        penalty, officer = await penalty_in_hand(penalty_id, caller, duty, seen, tx)
        await write_down(f"penalty.{step}", penalty.id, caller, tx)
        return await work(penalty, officer, tx)

    return _shown(await transact(act), response)


def _shown(penalty: Penalty, response: Response) -> PenaltyFile:
    set_etag(response, penalty.revision)
    return PenaltyFile.of(penalty)


def _told(penalty: Penalty, response: Response) -> ToldView:
    set_etag(response, penalty.revision)
    return ToldView.of(penalty)
