"""Forget who an erased person is, and take what is written of them out of the files when their terms are over.

At once goes what only served to know the person: name and id number, whose number it is, what was paid in under it, and free
texts on enrolments and transfers. Files of injuries are archives of social insurance: they stay, closed to everything but
reading, for the term of their kind, and then nobody is in them any more; where no term is known, until a person decides. While
next of kin still draw something of a file, it is in use, and they go on being checked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import get_args

import msgspec

from services.insurance.benefits.advance_documents import Advance
from services.insurance.benefits.documents import Benefit
from services.insurance.claims.documents import Claim
from services.insurance.contributions.documents import Contribution
from services.insurance.dependants.documents import Register
from services.insurance.differences.documents import Difference
from services.insurance.differences.rules import Kind
from services.insurance.dues.commands import LAPSE
from services.insurance.dues.documents import EmployedPerson, MonthDue
from services.insurance.enrolment.documents import Enrolment
from services.insurance.entitlements.documents import Entitlement
from services.insurance.erasure import rules
from services.insurance.liability.documents import Liability
from services.insurance.persons.documents import EngagedPerson, Holder, Merged, Person
from services.insurance.qualification.documents import Check, Checked
from services.insurance.recoveries.documents import Recovery
from services.insurance.reports.documents import ClaimPhoto, ClaimPhotoChunk
from services.insurance.transfers import commands as transfers
from shared import clock
from shared.policy import calendar
from shared.policy.parameters import MissingParameter, parameters
from shared.storage.blanking import blank
from shared.storage.kinds import TimerKind
from shared.storage.pieces import delete_pieces
from shared.storage.transaction import Transaction


class OfFile(msgspec.Struct, frozen=True):
    """The claim whose file is to be closed for good."""

    claim: str


FILE_ENDS = TimerKind("insurance.file_ends", OfFile)

LOOK_AGAIN = dt.timedelta(days=30)
"""How often it is asked whether anything of a file is still drawn: ours, not the law's."""


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """Forget a person, under every id that they were known by."""
    ids = await _forget_who(worker_id, tx)
    for one in ids:
        await _forget_contributions(one, tx)
        await _forget_dues(one, tx)
        await _forget_texts(one, tx)
        await _forget_checks(one, tx)
        for claim in await tx.find(Claim, {"worker_id": one}):
            _keep_file(claim, tx)


async def _forget_who(worker_id: str, tx: Transaction) -> list[str]:
    ids = [worker_id]
    for one in ids:  # grows by the records whose place these have taken
        ids += [merged.id for merged in await tx.find(Merged, {"worker_id": one}) if merged.id not in ids]
    for one in ids:
        tx.delete(Person, one)
        tx.delete(EngagedPerson, one)
        tx.delete(Merged, one)
        await tx.delete_many(Holder, {"worker_id": one})
    return ids


async def _forget_contributions(worker_id: str, tx: Transaction) -> None:
    """The sums stay, as nobody's; the province records whose they are (社会保险法 art. 74)."""
    found = await tx.find(Contribution, {"worker_id": worker_id})
    await _forget_differences([one.id for one in found], tx)
    for contribution in found:
        contribution.worker_id = None
        contribution.id_hash, contribution.id_number = "", ""
        await contribution.put(tx)


async def _forget_dues(worker_id: str, tx: Transaction) -> None:
    """What was owed stays as it was last found: what was paid is nobody's now, so that looking again would find all of it unpaid."""
    tx.delete(EmployedPerson, worker_id)
    for due in await tx.find(MonthDue, {"worker_id": worker_id, "state": "owed"}):
        tx.cancel(LAPSE, due.id)


async def _forget_texts(worker_id: str, tx: Transaction) -> None:
    """Who was insured on which day stays, by an id that names nobody any more."""
    for enrolment in await tx.find(Enrolment, {"worker_id": worker_id}):
        blank(enrolment)
        await enrolment.put(tx)
        await _forget_differences([request.number for request in enrolment.requests], tx)
    await transfers.forget(worker_id, tx)


async def _forget_differences(numbers: Iterable[str], tx: Transaction) -> None:
    ids = [Difference.id_of(number, kind) for number in numbers for kind in get_args(Kind)]
    for difference in await tx.find(Difference, {"_id": {"$in": ids}}):
        blank(difference)
        await difference.put(tx)


async def _forget_checks(worker_id: str, tx: Transaction) -> None:
    """The checks of what was drawn, but of what next of kin go on drawing."""
    for check in await tx.find(Check, {"worker_id": worker_id}):
        benefit = await Benefit.of(check.of_benefit, tx) if check.of_benefit is not None else None
        if benefit is None or benefit.over:
            tx.delete(Check, check.id)
    tx.delete(Checked, worker_id)


def _keep_file(claim: Claim, tx: Transaction) -> None:
    since = calendar.shanghai_date(claim.history[-1].at if claim.history else claim.reported_at)
    law = parameters.on(calendar.shanghai_date(clock.now()), place=claim.district)
    try:
        last = calendar.months_after(since, 12 * law.number(rules.term_of(applied=claim.application is not None)))
    except MissingParameter:
        return
    at = calendar.start_of_day(last + dt.timedelta(days=1))
    tx.schedule(FILE_ENDS, claim.id, max(at, clock.now()), OfFile(claim.id))


async def end_file(claim_id: str, tx: Transaction) -> None:
    """Take a person and their next of kin out of the file of an injury: texts, photos, payees and ids. Figures stay.

    Not while something is still drawn by the month: that must be paid to somebody.
    """
    claim = await Claim.of(claim_id, tx)
    if claim is None:
        return
    benefits = await tx.find(Benefit, {"claim_id": claim_id})
    if any(one.month is not None and not one.over for one in benefits):
        tx.schedule(FILE_ENDS, claim_id, clock.now() + LOOK_AGAIN, OfFile(claim_id))
        return
    blank(claim)
    claim.worker_id, claim.former_workers, claim.kin_told = None, [], False
    claim.photos = 0
    await claim.put(tx)
    for photo in await tx.find(ClaimPhoto, {"claim_id": claim_id}):
        delete_pieces(ClaimPhotoChunk, photo.id, photo.chunks, tx)
        tx.delete(ClaimPhoto, photo.id)
    await _forget_course(claim_id, tx)
    for benefit in benefits:
        blank(benefit)
        benefit.worker_id, benefit.kin = "", []
        await benefit.put(tx)
        for number in range(1, benefit.advances + 1):
            advance = await Advance.of(f"{benefit.id}:a{number}", tx)
            if advance is not None:
                blank(advance)
                advance.worker_id = ""
                await advance.put(tx)
        for recovery in await tx.find(Recovery, {"benefit_id": benefit.id}):
            blank(recovery)
            await recovery.put(tx)


async def _forget_course(claim_id: str, tx: Transaction) -> None:
    """What has become of the person, whom they supported, and why an officer found that they were insured or not."""
    known, file = await Entitlement.of(claim_id, tx), await Register.of(claim_id, tx)
    for one in (known, file):
        if one is not None:
            blank(one)
            one.worker_id = ""
            await one.put(tx)
    decided = await Liability.of(claim_id, tx)
    if decided is not None:
        blank(decided)
        await decided.put(tx)
