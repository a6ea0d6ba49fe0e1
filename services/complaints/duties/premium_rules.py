"""Premiums not paid in time, and commercial policies not renewed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from services.complaints.duties.told_rules import Around, Found, Told, after, every, last
from shared.contracts.complaints.duty_findings import BillUnpaid, PolicyGap
from shared.contracts.insurance import BillOverdue, BillPaid, PolicyGapFound, PolicyRecorded
from shared.identity.regions import CITY
from shared.policy.parameters import MissingParameter, parameters


def bill(told: Sequence[Told], around: Around) -> list[Found]:
    """A premium that was not paid when it was due (社会保险法 art. 86). Paid late, its late fee stays owed; paid in time and
    booked late, it is no sign."""
    overdue, paid = last(told, BillOverdue), last(told, BillPaid)
    if overdue is None:
        return []
    fact, at = overdue
    outstanding, met_on = fact.outstanding, None
    if paid is not None and (paid[0].settled or after(paid[1], at)):
        outstanding = paid[0].outstanding
        met_on = paid[0].paid_on if paid[0].settled else None
    if met_on is not None and met_on <= fact.due_on:
        return []
    law = parameters.on(fact.due_on)
    try:
        per_day = str(law.amount("social_insurance.late_fee_per_day"))
    except MissingParameter:
        per_day = None
    finding = BillUnpaid(
        bill_id=fact.bill_id,
        month=fact.month,
        premium=fact.premium,
        outstanding=outstanding,
        due_on=fact.due_on,
        paid_on=met_on,
        days_late=((met_on or at.day) - fact.due_on).days,
        late_fee=fact.late_fee,
        late_fee_per_day=per_day,
    )
    return [
        Found(
            about=fact.bill_id,
            platform=fact.platform,
            district=CITY,
            finding=finding,
            rests_on=[at, *([] if paid is None else [paid[1]])],
            used=law.used,
            to_judge=("payment_under_way",),
        )
    ]


def policy(told: Sequence[Told], around: Around) -> list[Found]:
    """Gaps between commercial policies that have begun; one that a policy told of later covers from its first day is none."""
    held = [(one.valid_from, one.valid_to) for one, _ in every(told, PolicyRecorded) if one.valid_from <= one.valid_to]
    found = []
    for fact, at in every(told, PolicyGapFound):
        if any(first <= fact.since <= until for first, until in held):
            continue
        later = min((first for first, _ in held if first > fact.since), default=None)
        until = fact.until if later is None else later - dt.timedelta(1)
        finding = PolicyGap(
            policy=fact.kind,
            since=fact.since,
            until=until,
            days=None if until is None else (until - fact.since).days + 1,
            persons=fact.persons,
        )
        found.append(
            Found(
                about=f"{fact.platform}|{fact.kind}|{fact.since}",
                platform=fact.platform,
                district=CITY,
                finding=finding,
                rests_on=[at],
                to_judge=("not_a_duty",),
            )
        )
    return found
