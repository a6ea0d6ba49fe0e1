"""Notice, legal review, decision, another end and service over HTTP, for officers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from services.complaints.penalties.body import Short, Taking, Text
from services.complaints.penalties.views import PenaltyFile
from services.complaints.penalty_decisions import commands
from services.complaints.penalty_decisions.commands import Closing, Meant, Telling
from services.complaints.penalty_decisions.letter_rules import Letter, NoticeWords
from services.complaints.penalty_grounds.intended_rules import Intended, Leniency, Mitigation
from services.complaints.penalty_grounds.licence_rules import NamedLicence, Suspended
from services.complaints.penalty_grounds.rules import Revocable

router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])

Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]


class SuspendedBody(BaseModel):
    """A licence that is suspended (暂扣), and for how many natural days from the service on."""

    kind: Revocable
    days: int = Field(ge=1, le=3660)


class LicenceBody(BaseModel):
    """The licence that is taken away or suspended as the decision names it: its number, and the body that granted it. Without it every
    one of its kind is meant."""

    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    authority: Short


class MeantBody(BaseModel):
    """A penalty: a warning, a fine, what is confiscated (yuan; 0: none), a licence that is taken away (吊销) or suspended (暂扣), the
    text of the letter, why the amount is what it is, the answer to what the enterprise stated, and what it is to put right
    (责令改正)."""

    warning: bool = False
    fine: Money
    confiscated: Money = Decimal("0.00")
    revoked: Revocable | None = None
    suspended: SuspendedBody | None = None
    licence: LicenceBody | None = None
    text: Text
    amount_reasons: Text
    mitigation: list[Mitigation] = Field(default=[], max_length=7)
    answer: Text | None = None
    order: Text | None = None

    @property
    def meant(self) -> Meant:
        return Meant(
            intended=Intended(self.warning, self.fine, self.confiscated, self.revoked, self._suspended),
            licence=None if self.licence is None else NamedLicence(**self.licence.model_dump()),
            text=self.text,
            amount_reasons=self.amount_reasons,
            mitigation=self.mitigation,
            answer=self.answer,
            order=self.order,
        )

    @property
    def _suspended(self) -> Suspended | None:
        return None if self.suspended is None else Suspended(**self.suspended.model_dump())


class NoticeLetterBody(BaseModel):
    """What the advance notice says beside its text: where and how the party states, defends and asks for a hearing, and in whose name
    it is told; both are needed (`letter-incomplete`). The party is named as the registry has it; `party` is for an enterprise that the
    registry does not know."""

    party: Short | None = None
    speak_to: Short | None = None
    authority: Short | None = None


class NoticeBody(MeantBody):
    """A penalty that is intended, how the enterprise is told, and the rest of the document. `silent`: the files were looked through,
    and none shows who reported in confidence; `hearing`: a hearing is offered, though none is due."""

    by: Short
    silent: bool = False
    hearing: bool = False
    letter: NoticeLetterBody = NoticeLetterBody()

    @property
    def telling(self) -> Telling:
        words = NoticeWords(**self.letter.model_dump())
        return Telling(by=self.by, silent=self.silent, hearing=self.hearing, words=words)


class ReviewBody(BaseModel):
    """Whether the legal review passes the matter."""

    passed: bool
    text: Text


class DiscussionBody(BaseModel):
    """A collective discussion: when, by whom, and what was said."""

    on: dt.date
    people: list[Short] = Field(min_length=2, max_length=20)
    record: Text


class LetterBody(BaseModel):
    """What the decision letter says beside its text: the party by name and address, how it pays, to whom it may apply for review,
    where it may sue, and in whose name it is decided. All of it is needed (`letter-incomplete`), `pay_to` where something is
    to be paid. The party is named as the registry has it, or as the person is on file: `party` is needed for an enterprise that the
    registry does not know, and is refused where it says something else (`party-differs`)."""

    party: Short | None = None
    address: Short | None = None
    pay_to: Short | None = None
    review_body: Short | None = None
    court: Short | None = None
    authority: Short | None = None


class DecisionBody(MeantBody):
    """A penalty as it is decided, the rest of its letter (行政处罚法 art. 59), and the discussion where the matter is grave."""

    letter: LetterBody = LetterBody()

    discussion: DiscussionBody | None = None


class ClosingBody(BaseModel):
    """How it ends without a penalty: `leave` (不予处罚, with the rule), `drop` (违法事实不能成立), `refer` (移送司法机关)."""

    how: Closing
    leniency: Leniency | None = None
    text: Text


class PenaltyService(BaseModel):
    """How and on which day a decision was served."""

    on: dt.date
    by: Short


@router.post("/penalties/{penalty_id}/notice")
async def notify(body: NoticeBody, step: Taking) -> PenaltyFile:
    """Tell the enterprise what is intended (事先告知; 行政处罚法 art. 44)."""
    return await step.take(
        "notified", "handler", lambda one, who, tx: commands.notify(one, body.meant, body.telling, who, tx)
    )


@router.post("/penalties/{penalty_id}/review")
async def review(body: ReviewBody, step: Taking) -> PenaltyFile:
    """Record the legal review (法制审核; 行政处罚法 art. 58)."""
    return await step.take(
        "reviewed", "approver", lambda one, who, tx: commands.review(one, body.text, who, passed=body.passed, tx=tx)
    )


@router.post("/penalties/{penalty_id}/decision")
async def decide(body: DecisionBody, step: Taking) -> PenaltyFile:
    """Decide, as another officer than who investigated and reviewed (行政处罚法 art. 57)."""
    talk, meant = body.discussion, replace(body.meant, letter=Letter(**body.letter.model_dump()))
    discussion = None if talk is None else (talk.on, talk.people, talk.record)
    return await step.take("decided", "approver", lambda one, who, tx: commands.decide(one, meant, discussion, who, tx))


@router.post("/penalties/{penalty_id}/closing")
async def close(body: ClosingBody, step: Taking) -> PenaltyFile:
    """End it without a penalty (行政处罚法 art. 33, 57), as another officer than who investigated."""
    return await step.take(
        "closed", "approver", lambda one, who, tx: commands.close(one, body.how, body.text, body.leniency, who, tx)
    )


@router.post("/penalties/{penalty_id}/service")
async def serve(body: PenaltyService, step: Taking) -> PenaltyFile:
    """Record that the decision was served (行政处罚法 art. 61)."""
    return await step.take("served", "handler", lambda one, _, tx: commands.serve(one, body.on, body.by, tx))
