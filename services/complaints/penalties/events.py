"""What complaints publishes of penalties: never what one arose from, nor its texts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from services.complaints.penalties.debt_rules import Back
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.payment_documents import Claim, Payment, Refund
from services.complaints.penalties.rules import Toward
from shared.contracts.base import money
from shared.contracts.complaints import (
    PenaltyAnswered,
    PenaltyClaim,
    PenaltyClosed,
    PenaltyDecided,
    PenaltyDeferred,
    PenaltyFields,
    PenaltyHearingCalledOff,
    PenaltyHearingSet,
    PenaltyNotified,
    PenaltyOverdue,
    PenaltyPaid,
    PenaltyPaymentCorrected,
    PenaltyPublished,
    PenaltyRefunded,
    PenaltyReminded,
    PenaltyReported,
    PenaltyTakenToCourt,
    PenaltyWithdrawn,
)

Outcome = Literal["unpunished", "dropped", "changed", "annulled", "ended"]


def notified(penalty: Penalty, speak_until: dt.date, *, hearing: bool) -> PenaltyNotified:
    return PenaltyNotified(**_fields(penalty), speak_until=speak_until, hearing=hearing)


def answered(penalty: Penalty, what: Literal["statement", "hearing", "deferral"]) -> PenaltyAnswered:
    return PenaltyAnswered(**_fields(penalty), what=what)


def hearing_set(penalty: Penalty, on: dt.date) -> PenaltyHearingSet:
    return PenaltyHearingSet(**_fields(penalty), on=on)


def hearing_called_off(penalty: Penalty) -> PenaltyHearingCalledOff:
    assert penalty.hearing is not None
    return PenaltyHearingCalledOff(**_fields(penalty), on=penalty.hearing.on, officer=penalty.hearing.chair)


def decided(penalty: Penalty) -> PenaltyDecided:
    assert penalty.decided is not None
    assert penalty.served_on is not None
    assert penalty.review_by is not None
    assert penalty.sue_by is not None
    suspended, licence = penalty.decided.suspended, penalty.decided.licence
    return PenaltyDecided(
        **_fields(penalty),
        warning=penalty.decided.warning,
        fine=money(penalty.decided.fine),
        served_on=penalty.served_on,
        pay_by=max((part.on for part in (*penalty.parts, penalty.confiscation) if part is not None), default=None),
        review_by=penalty.review_by,
        sue_by=penalty.sue_by,
        confiscated=money(penalty.decided.confiscated),
        revoked=penalty.decided.revoked,
        suspended=None if suspended is None else suspended.kind,
        suspended_until=penalty.suspended_until,
        licence_number=None if licence is None else licence.number,
        licence_authority=None if licence is None else licence.authority,
    )


def reported(penalty: Penalty) -> PenaltyReported:
    assert penalty.decided is not None
    return PenaltyReported(
        **_fields(penalty),
        warning=penalty.decided.warning,
        fine=money(penalty.decided.fine),
        decided_on=penalty.decided.on,
    )


def deferred(penalty: Penalty, *, granted: bool, parts: int) -> PenaltyDeferred:
    return PenaltyDeferred(**_fields(penalty), granted=granted, parts=parts, pay_by=penalty.parts[-1].on)


def overdue(penalty: Penalty, due_on: dt.date, owed: Decimal) -> PenaltyOverdue:
    return PenaltyOverdue(**_fields(penalty), due_on=due_on, owed=money(owed))


def reminded(penalty: Penalty, claim: Claim, pay_by: dt.date) -> PenaltyReminded:
    return PenaltyReminded(**_fields(penalty), **_claimed(claim), owed=money(claim.total), pay_by=pay_by)


def taken_to_court(penalty: Penalty, claim: Claim) -> PenaltyTakenToCourt:
    return PenaltyTakenToCourt(**_fields(penalty), **_claimed(claim), owed=money(claim.total))


def paid(
    penalty: Penalty, amount: Decimal, on: dt.date, left: Decimal, *, refund: Decimal, toward: Toward
) -> PenaltyPaid:
    return PenaltyPaid(
        **_fields(penalty),
        amount=money(amount),
        paid_on=on,
        left=money(left),
        toward=toward,
        refund=money(refund),
    )


def payment_corrected(penalty: Penalty, payment: Payment, left: Decimal, *, moved: bool) -> PenaltyPaymentCorrected:
    return PenaltyPaymentCorrected(
        **_fields(penalty),
        amount=money(payment.amount),
        paid_on=payment.on,
        left=money(left),
        toward=payment.toward,
        moved=moved,
    )


def refunded(penalty: Penalty, refund: Refund, left: Back) -> PenaltyRefunded:
    return PenaltyRefunded(
        **_fields(penalty),
        amount=money(refund.amount),
        interest=money(refund.interest),
        refunded_on=refund.on,
        left=money(left.total),
        toward=refund.toward,
        left_confiscated=money(left.confiscated),
    )


def published(penalty: Penalty, on: dt.date) -> PenaltyPublished:
    return PenaltyPublished(**_fields(penalty), published_on=on)


def withdrawn(penalty: Penalty, on: dt.date) -> PenaltyWithdrawn:
    return PenaltyWithdrawn(**_fields(penalty), withdrawn_on=on)


def closed(penalty: Penalty, outcome: Outcome) -> PenaltyClosed:
    stands = penalty.decided if outcome in ("changed", "ended") else None
    return PenaltyClosed(
        **_fields(penalty),
        outcome=outcome,
        fine=money(stands.fine if stands else Decimal(0)),
        confiscated=money(stands.confiscated if stands else Decimal(0)),
        revoked=stands.revoked if stands else None,
        suspended=stands.suspended.kind if stands and stands.suspended else None,
        suspended_until=penalty.suspended_until if stands else None,
    )


def _claimed(claim: Claim) -> PenaltyClaim:
    return {
        "fine": money(claim.fine),
        "surcharge": money(claim.surcharge),
        "confiscated": money(claim.confiscated),
        "again": money(claim.again),
        "surcharge_in_all": money(claim.added),
        "surcharge_before": money(claim.before),
        "surcharge_from": claim.began_on,
        "surcharge_days": claim.days,
        "surcharge_percent": claim.percent,
        "surcharge_most": money(claim.cap),
    }


def _fields(penalty: Penalty) -> PenaltyFields:
    return {
        "penalty_id": penalty.id,
        "number": penalty.number,
        "uscc": penalty.enterprise,
        "lead_department": penalty.department,
        "district": penalty.district,
    }
