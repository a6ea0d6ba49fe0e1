"""Look whether a bill was claimed before, and keep what is claimed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from itertools import count
from typing import Any

from services.insurance.benefits import bill_rules
from services.insurance.benefits.bill_documents import ClaimedBill
from services.insurance.benefits.documents import Benefit
from services.insurance.benefits.fact_rules import Invoice
from services.insurance.claims.documents import Claim
from shared import clock
from shared.contracts.base import money
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.storage.records import find
from shared.storage.transaction import Transaction

TEXTS: Mapping[bill_rules.Why, tuple[str, str]] = {
    "bill-claimed": ("该票据已经报销，不得重复申领", "the bill was claimed before"),
    "bill-number-claimed": (
        "该机构同一票据号已经报销，但日期或金额不同，请核对；确为另一票据的，请说明理由",
        "a bill of this number was claimed, of another day or sum: say why this is another one",
    ),
    "bill-alike": (
        "该人员已有同一金额的票据报销，请填写票据的机构、号码和日期核对；确为另一票据的，请说明理由",
        "a bill of this sum was claimed for the person: give its number, or say why it is another one",
    ),
}


async def check(claim: Claim, kind: str, bills: tuple[Invoice, ...], tx: Transaction | None) -> None:
    """Raise Conflict, which shows the first, for a bill that was claimed before, unless a person says why it is another one.

    Raises RuleBroken for a bill that cannot be of this injury.
    """
    for bill in bills:
        _check_day(bill, calendar.shanghai_date(claim.occurred_at))
    twice = bill_rules.within(bills, kind)
    if twice is not None:
        raise _refused(twice, None)
    if not bills:
        return
    theirs = await _of_person(claim, tx)
    for bill in bills:
        earlier = [(one.named_as(bill), holder) for one, holder in await _numbered(bill, tx)]
        earlier += [pair for pair in theirs if bill_rules.compared(kind, bill, pair[0])]
        found = bill_rules.seen(bill, (one for one, _ in earlier))
        if found is not None and not (found.beyond and bill.another):
            holder = next(holder for one, holder in earlier if one is found.earlier)
            raise _refused(found, holder)


def _check_day(bill: Invoice, injured_on: dt.date) -> None:
    told = (bill.institution, bill.number, bill.issued_on)
    if any(told) and not all(told):
        raise RuleBroken(
            "bill-half-named", "票据的机构、号码和日期须一并填写", "a bill is named by institution, number and day"
        )
    if bill.issued_on is not None and not injured_on <= bill.issued_on <= calendar.shanghai_date(clock.now()):
        raise RuleBroken(
            "bill-day", "票据日期应在事故当日至今天之间", "the bill is of a day between the injury and today"
        )


async def _numbered(bill: Invoice, tx: Transaction | None) -> list[tuple[ClaimedBill, Benefit]]:
    """What was claimed under a bill's number and stands, with the benefits, the earliest first."""
    key = bill_rules.key_of(bill)
    if key is None:
        return []
    found = await find(ClaimedBill, {"_id": {"$gt": f"{key}:", "$lt": f"{key};"}}, tx, sort="_id")
    holders = [(one, await Benefit.of(one.benefit_id, tx)) for one in found]
    return [(one, holder) for one, holder in holders if holder is not None and _stands(holder)]


def _stands(benefit: Benefit) -> bool:
    """Whether a benefit's bills are claimed: not where it was stopped before anything was paid."""
    return benefit.state != "stopped" or bool(benefit.payments)


async def _of_person(claim: Claim, tx: Transaction | None) -> list[tuple[Invoice, Benefit]]:
    """The bills of what the person was granted, by any of their claims, as far as they had no number."""
    theirs = [claim]
    if claim.worker_id is not None:
        theirs = await find(Claim, {"worker_id": claim.worker_id}, tx)
    granted = await find(Benefit, {"claim_id": {"$in": [one.id for one in theirs]}}, tx)
    return [
        (_stored(one), benefit)
        for benefit in sorted(granted, key=lambda one: one.id)
        if _stands(benefit) and benefit.kind in bill_rules.OF_TREATMENT
        for one in benefit.basis.get("invoices", ())
    ]


def _stored(one: Mapping[str, Any]) -> Invoice:
    """A bill as its benefit keeps it: by its sum, and where it has a number by a name that none is given."""
    named = one.get("bill")
    day = one.get("issued_on")
    issued_on = None if day is None else dt.date.fromisoformat(day)
    return Invoice(Decimal(one["amount"]), institution=named, number=named, issued_on=issued_on)


def _refused(found: bill_rules.Seen, holder: Benefit | None) -> Conflict:
    day = found.earlier.issued_on
    first = None
    if holder is not None:
        first = {
            "benefit_id": holder.id,
            "kind": holder.kind,
            "scheme": holder.scheme,
            "district": holder.district,
            "state": holder.state,
            "granted_on": calendar.shanghai_date(holder.created_at).isoformat(),
            "amount": money(found.earlier.amount),
            "issued_on": day.isoformat() if day is not None else None,
        }
    zh, en = TEXTS[found.why]
    return Conflict(found.why, zh, en, first=first)


async def take(benefit: Benefit, bills: tuple[Invoice, ...], by: str, tx: Transaction) -> None:
    """Keep the bills that a benefit was granted for; where two come at one moment they meet at an id (`DuplicateKeyError`)."""
    kept: list[dict[str, Any]] = benefit.basis.get("invoices", [])
    taken: set[str] = set()
    for bill, one in zip(bills, kept, strict=True):
        if bill.another is not None:
            benefit.note("bill_told_apart", by, bill.another)
        key = bill_rules.key_of(bill)
        if key is not None and bill.issued_on is not None:
            bill_id = await _free(key, bill, taken, tx)
            taken.add(bill_id)
            one |= {"bill": bill_id, "issued_on": bill.issued_on.isoformat()}
            values = {"benefit_id": benefit.id, "issued_on": bill.issued_on, "amount": bill.amount}
            known = await ClaimedBill.of(bill_id, tx)  # whose benefit has come to nothing
            await (ClaimedBill(id=bill_id, **values) if known is None else known.changed(values)).put(tx)
    benefit.basis = {**benefit.basis, "invoices": kept}


async def _free(key: str, bill: Invoice, taken: set[str], tx: Transaction) -> str:
    """The first id of a bill's number that no other bill of it stands under."""
    held = {one.id for one, _ in await _numbered(bill, tx)} | taken
    return next(bill_id for n in count(1) if (bill_id := f"{key}:{n}") not in held)
