"""What an erasure does in several rooms, and the end of the accounts of public money that it leaves."""

from __future__ import annotations

import datetime as dt

import msgspec

from services.subsidies.appeals.documents import Appeal
from services.subsidies.applications.documents import STATED, Application
from services.subsidies.batches.documents import BatchLine
from services.subsidies.decisions.documents import Decision
from services.subsidies.payments.documents import Payment
from services.subsidies.persons import commands as persons
from services.subsidies.recoveries.documents import Recovery
from services.subsidies.revisions.documents import Revision
from shared import clock
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.blanking import GONE, blank, blanked_row
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction


class OfAccounts(msgspec.Struct, frozen=True):
    """The application whose accounts are closed for good."""

    application: str


ACCOUNTS_END = TimerKind("subsidies.accounts_end", OfAccounts)


async def keep_accounts(worker_id: str, tx: Transaction) -> None:
    """Set the day on which an erased person goes from their applications: the end of the term of accounts of public money."""
    today = calendar.shanghai_date(clock.now())
    ids = await persons.ids_of(worker_id, tx)
    for application in await tx.find(Application, {"subjects": {"$in": ids}, "applicant_id": {"$in": ids}}):
        if application.filed_on is None:
            continue
        years = parameters.on(today, place=application.district).number("retention.money_record_years")
        since = calendar.shanghai_date(application.steps[-1].at) if application.steps else application.filed_on
        end = calendar.start_of_day(calendar.months_after(since, 12 * years) + dt.timedelta(days=1))
        tx.schedule(ACCOUNTS_END, application.id, max(end, clock.now()), OfAccounts(application.id))


async def end_accounts(application_id: str, tx: Transaction) -> None:
    """Take a person out of an application and its money: name, account, statements and texts. Sums and days stay."""
    application = await Application.of(application_id, tx)
    if application is None:
        return
    blank(application, {STATED: "{}"})
    await application.put(tx)
    for document in (Payment, Decision, Appeal, Revision):
        for one in await tx.find(document, {"application_id": application_id}):
            blank(one)
            await one.put(tx)
            if isinstance(one, Payment):
                await _end_payment(one, tx)


async def _end_payment(payment: Payment, tx: Transaction) -> None:
    for line in await tx.find(BatchLine, {"payment_id": payment.id}):
        tx.update(BatchLine, line.id, {"$set": blanked_row(BatchLine, line.id, GONE)})
    for number in range(1, payment.recoveries + 1):
        recovery = await Recovery.of(f"{payment.id}:r{number}", tx)
        if recovery is not None:
            blank(recovery)
            await recovery.put(tx)
