"""What was paid in: contributions of persons, known or not yet, and payments of bills."""

from __future__ import annotations

import datetime as dt

from services.insurance.billing import payments
from services.insurance.billing.documents import Payment
from services.insurance.contributions.documents import Contribution
from services.insurance.contributions.notices import BillNotice, ContributionNotice
from services.insurance.differences import commands as differences
from services.insurance.outlet_bills import commands as outlet_bills
from services.insurance.outlet_bills.documents import OutletPayment
from services.insurance.persons import commands as people
from services.insurance.persons.documents import HOLDER_NUMBER
from shared.contracts.base import money
from shared.contracts.insurance import ContributionRecorded
from shared.errors import Conflict, NotFound
from shared.storage.encryption import encrypt_field, lookup_hashes
from shared.storage.records import find
from shared.storage.transaction import Transaction


async def take(notice: ContributionNotice | BillNotice, tx: Transaction) -> None:
    """Record what came, once: by its number, however often and in whatever order it comes."""
    if isinstance(notice, ContributionNotice):
        await _take_contribution(notice, tx)
    else:
        await record_bill_payment(notice, tx)


async def record_bill_payment(notice: BillNotice, tx: Transaction) -> None:
    """Hand a payment over to its bill; where nobody issued that bill, or an officer has entered another payment under the number, an
    officer is to see it."""
    of_outlet = ":" in notice.bill_id  # an outlet's bill: `<credit code>:<month>`
    taker = outlet_bills if of_outlet else payments
    theirs = {"bill_id": notice.bill_id, "amount": money(notice.amount), "paid_on": notice.paid_on.isoformat()}
    try:
        await taker.record_payment(notice.number, notice.bill_id, notice.amount, notice.paid_on, tx)
    except Conflict:
        known = await (OutletPayment if of_outlet else Payment).of(notice.number, tx)
        assert known is not None, "it stands for another payment"
        ours = {"bill_id": known.bill_id, "amount": money(known.amount), "paid_on": known.paid_on.isoformat()}
        await differences.find(notice.number, "other_payment", tx, ours=ours, theirs=theirs)
        return
    except NotFound:
        await differences.find(notice.number, "unknown_bill", tx, theirs=theirs, notice=notice.model_dump(mode="json"))
        return
    await differences.vanish(notice.number, "unknown_bill", tx)


async def _take_contribution(notice: ContributionNotice, tx: Transaction) -> None:
    known = await Contribution.of(notice.number, tx)
    if known is not None and known.changed_at >= notice.changed_at:
        return
    if known is not None and not people.bears(notice.id_number, frozenset({known.id_hash})):
        theirs = {"insurance": notice.insurance, "month": notice.month}
        await differences.find(notice.number, "other_person", tx, theirs=theirs)
        return
    holder = await people.holder_of(notice.id_number, tx)
    if holder.worker_id is None:
        await holder.put(tx)
    told = notice.model_dump(exclude={"kind", "number", "id_number"})
    if known is None:
        known = Contribution(
            id=notice.number,
            id_hash=holder.id,
            id_number=encrypt_field(HOLDER_NUMBER, notice.number, notice.id_number),
            worker_id=holder.worker_id,
            **told,
        )
    else:
        known.changed(told)
    await known.put(tx)
    _publish(known, tx)


async def link(id_number: str, worker_id: str, tx: Transaction) -> None:
    """Give a worker what was paid in for their id number."""
    wanted = {"id_hash": {"$in": lookup_hashes(HOLDER_NUMBER, id_number)}}
    for contribution in await tx.find(Contribution, wanted):
        if contribution.worker_id != worker_id:
            contribution.worker_id = worker_id
            await contribution.put(tx)
            _publish(contribution, tx)


async def follow_merging(old: str, new: str, tx: Transaction) -> None:
    """Make one worker's contributions another's."""
    for contribution in await tx.find(Contribution, {"worker_id": old}):
        contribution.worker_id = new
        await contribution.put(tx)


async def paid_months(worker_id: str, insurance: str, tx: Transaction | None = None) -> list[tuple[str, dt.date]]:
    """The months for which a person's contributions to an insurance were paid and stand, with the days of payment."""
    found = await find(Contribution, {"worker_id": worker_id}, tx)
    return [(one.month, one.paid_on) for one in found if one.insurance == insurance and not one.reversed]


def _publish(contribution: Contribution, tx: Transaction) -> None:
    if contribution.worker_id is None:
        return
    tx.publish(
        ContributionRecorded(
            contribution_id=contribution.id,
            worker_id=contribution.worker_id,
            insurance=contribution.insurance,
            month=contribution.month,
            base=money(contribution.base),
            employer_amount=money(contribution.employer_amount),
            worker_amount=money(contribution.worker_amount),
            payer=contribution.payer,
            paid_on=contribution.paid_on,
            reversed=contribution.reversed,
        )
    )
