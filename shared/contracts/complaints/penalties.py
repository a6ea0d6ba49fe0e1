"""What complaints tells of administrative penalties."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypedDict

from shared.contracts.base import Fact, Id, Money, Topic, event
from shared.contracts.platform import District
from shared.contracts.registry.enterprises import LicenceKind

PENALTY = Topic("complaints.penalty")


class PenaltyFields(TypedDict):
    """The fields of every event on a penalty."""

    penalty_id: str
    number: str
    uscc: str
    lead_department: str
    district: str


class PenaltyFact(Fact, frozen=True, kw_only=True):
    """A penalty (行政处罚) that the enterprise was told of. What it arose from and what it says never travel."""

    penalty_id: Id
    number: str
    uscc: Id
    lead_department: str
    district: District


@event("cn.deyang.complaints.penalty.notified.v1", topic=PENALTY, key="penalty_id")
class PenaltyNotified(PenaltyFact, frozen=True, kw_only=True):
    """An enterprise is told of an intended penalty; until `speak_until` it may state and defend, and ask for a hearing where
    `hearing` says so."""

    speak_until: date
    hearing: bool


@event("cn.deyang.complaints.penalty.answered.v1", topic=PENALTY, key="penalty_id")
class PenaltyAnswered(PenaltyFact, frozen=True, kw_only=True):
    """The enterprise stated its case, asked for a hearing, or asked to pay later or in parts."""

    what: Literal["statement", "hearing", "deferral"]


@event("cn.deyang.complaints.penalty.hearing_set.v1", topic=PENALTY, key="penalty_id")
class PenaltyHearingSet(PenaltyFact, frozen=True, kw_only=True):
    """A hearing is held on a day."""

    on: date


@event("cn.deyang.complaints.penalty.hearing_called_off.v1", topic=PENALTY, key="penalty_id")
class PenaltyHearingCalledOff(PenaltyFact, frozen=True, kw_only=True):
    """A hearing that was asked for, or set `on` a day, is not held: the procedure has ended. Why does not travel. `officer`: who would
    have held it, or null where the department's desk hears of it."""

    on: date | None
    officer: Id | None


@event("cn.deyang.complaints.penalty.decided.v1", topic=PENALTY, key="penalty_id")
class PenaltyDecided(PenaltyFact, frozen=True, kw_only=True):
    """A decision was served. `fine`: yuan, to be paid by `pay_by`, or zero; until `review_by` and `sue_by` it is contested.
    `confiscated`: unlawful gains that are confiscated, yuan, by the same day; `revoked`: a licence that is taken away (吊销), from
    `served_on` on, also while it is contested (行政处罚法 art. 73); `suspended`: one that is suspended (暂扣) from then to
    `suspended_until`. `licence_number` and `licence_authority` as the decision names it; without them every one of its kind."""

    warning: bool
    fine: Money
    served_on: date
    pay_by: date | None
    review_by: date
    sue_by: date
    confiscated: Money = "0.00"
    revoked: LicenceKind | None = None
    suspended: LicenceKind | None = None
    suspended_until: date | None = None
    licence_number: str | None = None
    licence_authority: str | None = None


@event("cn.deyang.complaints.penalty.reported.v1", topic=PENALTY, key="penalty_id")
class PenaltyReported(PenaltyFact, frozen=True, kw_only=True):
    """Officers report to their office a penalty that they decided on the spot (行政处罚法 art. 52)."""

    warning: bool
    fine: Money
    decided_on: date


@event("cn.deyang.complaints.penalty.deferred.v1", topic=PENALTY, key="penalty_id")
class PenaltyDeferred(PenaltyFact, frozen=True, kw_only=True):
    """A request to pay later or in parts was granted, or parts were agreed once it was overdue, the last by `pay_by`; or refused."""

    granted: bool
    parts: int
    pay_by: date


@event("cn.deyang.complaints.penalty.overdue.v1", topic=PENALTY, key="penalty_id")
class PenaltyOverdue(PenaltyFact, frozen=True, kw_only=True):
    """A fine, or a part of it, was not paid by `due_on`: something is added each day."""

    due_on: date
    owed: Money


class PenaltyClaim(TypedDict):
    """What is claimed, each sum by itself, and how what was added is reckoned."""

    fine: str
    surcharge: str
    confiscated: str
    again: str
    surcharge_in_all: str
    surcharge_before: str
    surcharge_from: date | None
    surcharge_days: int
    surcharge_percent: int
    surcharge_most: str


class PenaltyClaimed(PenaltyFact, frozen=True, kw_only=True):
    """What is `owed` of a penalty, and how much of it is `fine`, `surcharge`, `confiscated`, and what was paid back and is owed
    `again`; null where an earlier version told of it. What was added comes to `surcharge_in_all`, from `surcharge_from` on:
    `surcharge_before` the parts of the fine were made anew, and since then `surcharge_percent` a day of what was late on each of
    `surcharge_days`, never more than `surcharge_most`."""

    owed: Money
    fine: Money | None = None
    surcharge: Money | None = None
    confiscated: Money | None = None
    again: Money | None = None
    surcharge_in_all: Money | None = None
    surcharge_before: Money | None = None
    surcharge_from: date | None = None
    surcharge_days: int | None = None
    surcharge_percent: int | None = None
    surcharge_most: Money | None = None


@event("cn.deyang.complaints.penalty.reminded.v1", topic=PENALTY, key="penalty_id")
class PenaltyReminded(PenaltyClaimed, frozen=True, kw_only=True):
    """The enterprise is reminded (催告) to pay what is `owed` by `pay_by`; then a court may be applied to."""

    pay_by: date


@event("cn.deyang.complaints.penalty.taken_to_court.v1", topic=PENALTY, key="penalty_id")
class PenaltyTakenToCourt(PenaltyClaimed, frozen=True, kw_only=True):
    """A court was applied to for compulsory execution of what is `owed`."""


@event("cn.deyang.complaints.penalty.paid.v1", topic=PENALTY, key="penalty_id")
class PenaltyPaid(PenaltyFact, frozen=True, kw_only=True):
    """A payment was taken in; `left` is what is still owed on that day. `toward`: the fine with what was added, or what is
    confiscated; `refund`: what of all that was paid is beyond what is owed, and is to be paid back."""

    amount: Money
    paid_on: date
    left: Money
    toward: Literal["fine", "confiscated"] = "fine"
    refund: Money = "0.00"


@event("cn.deyang.complaints.penalty.payment_corrected.v1", topic=PENALTY, key="penalty_id")
class PenaltyPaymentCorrected(PenaltyFact, frozen=True, kw_only=True):
    """A payment was recorded on this penalty in error and counts here no more; `left` is what is owed now. `moved`: it counts for
    another penalty, or for the other sum of this one, which tells of it as of a payment."""

    amount: Money
    paid_on: date
    left: Money
    toward: Literal["fine", "confiscated"]
    moved: bool


@event("cn.deyang.complaints.penalty.refunded.v1", topic=PENALTY, key="penalty_id")
class PenaltyRefunded(PenaltyFact, frozen=True, kw_only=True):
    """Something that was paid beyond what is owed, or on a decision which was changed or annulled, was paid back, with interest
    beside it; `left` is still to be. `toward`: what went back was paid for the fine with what was added, or for what is confiscated
    (null: for both together); `left_confiscated`: what of `left` was paid for what is confiscated."""

    amount: Money
    interest: Money
    refunded_on: date
    left: Money
    toward: Literal["fine", "confiscated"] | None = None
    left_confiscated: Money = "0.00"


@event("cn.deyang.complaints.penalty.published.v1", topic=PENALTY, key="penalty_id")
class PenaltyPublished(PenaltyFact, frozen=True, kw_only=True):
    """A decision of some public influence was published."""

    published_on: date


@event("cn.deyang.complaints.penalty.withdrawn.v1", topic=PENALTY, key="penalty_id")
class PenaltyWithdrawn(PenaltyFact, frozen=True, kw_only=True):
    """What was published of a decision was taken back, since it was changed or annulled."""

    withdrawn_on: date


@event("cn.deyang.complaints.penalty.closed.v1", topic=PENALTY, key="penalty_id")
class PenaltyClosed(PenaltyFact, frozen=True, kw_only=True):
    """A penalty that the enterprise knew of is over without being carried out, or was changed to a lower `fine` or `confiscated`
    sum on review. `revoked`: the licence that is still taken away by it; `suspended`: the one that is suspended, to
    `suspended_until`."""

    outcome: Literal["unpunished", "dropped", "changed", "annulled", "ended"]
    fine: Money
    confiscated: Money = "0.00"
    revoked: LicenceKind | None = None
    suspended: LicenceKind | None = None
    suspended_until: date | None = None
