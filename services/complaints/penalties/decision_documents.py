"""What was decided on a penalty, its papers, and what led to that, as it is stored within it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from pydantic import BaseModel

from services.complaints.penalties.licence_documents import NamedLicence, Suspended
from services.complaints.penalties.payment_documents import MaybeText, Text
from services.complaints.penalty_grounds.rules import Revocable
from shared.storage.fields import Yuan


class Review(BaseModel):
    """The legal review."""

    passed: bool
    opinion: Text
    by: str


class Discussion(BaseModel):
    """A collective discussion (集体讨论)."""

    on: dt.date
    people: list[str]
    record: Text


class DecisionLetter(BaseModel):
    """What the letter says beside the decision's text (行政处罚法 art. 59)."""

    party: Text
    address: Text
    pay_to: MaybeText = None
    review_body: Text
    court: Text
    authority: Text


class NoticeLetter(BaseModel):
    """What the advance notice says beside its text (行政处罚法 art. 44): the party as the registry told it that day, where and how it
    speaks, in whose name it is told; and the files and the last day to speak as they were then."""

    party: Text
    speak_to: Text
    authority: Text
    evidence: list[str]
    speak_until: dt.date


class Decided(BaseModel):
    """The decision, why the amount is what it is, the answer to what the enterprise stated, and what it is to put right."""

    warning: bool
    fine: Yuan
    confiscated: Yuan = Decimal("0.00")
    revoked: Revocable | None = None
    suspended: Suspended | None = None
    licence: NamedLicence | None = None
    text: Text
    amount_reasons: Text
    answer: MaybeText = None
    order: MaybeText = None
    letter: DecisionLetter | None = None
    by: str
    on: dt.date


class OnSpot(BaseModel):
    """A decision that officers made on the spot: where, the cards that they showed, whether the party signed, and when their
    office took it on record (备案)."""

    place: Text
    certificates: list[str]
    signed: bool
    note: MaybeText = None
    recorded_on: dt.date | None = None
    recorded_by: str | None = None
