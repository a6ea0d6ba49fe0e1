"""File an application, change it, hand in what is missing, take it back."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from services.subsidies.applications import events
from services.subsidies.applications.documents import ACCOUNT, NAME, NOBODY, STATED, Agent, Application, encrypted
from services.subsidies.applications.kinds import Kind, kind_of
from services.subsidies.applications.proposal_commands import propose
from services.subsidies.applications.rules import check_own_account, party_of
from services.subsidies.applications.step_commands import move, store
from services.subsidies.applications.term_commands import LAPSE, NOTICE_ENDS, SILENT, begin_to_look, end_terms
from services.subsidies.budgets import commands as budgets
from services.subsidies.decisions import commands as decisions
from services.subsidies.decisions.rules import ApplicantKind
from services.subsidies.persons import commands as persons
from shared import clock
from shared.errors import Conflict, RuleBroken
from shared.ids import new_id, readable_number
from shared.policy.calendar import month_of, shanghai_date
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What is handed in. `party`: whose token files it, as `<role>:<id>`; `stated`, `account`: JSON, as they are stored."""

    kind: Kind
    applicant_kind: ApplicantKind
    applicant_id: str
    party: str
    agent: Agent | None
    name: str
    account: str | None
    stated: str
    district: str


async def file(filing: Filing, tx: Transaction) -> Application:
    """Keep an application as a draft, which its filer submits."""
    kind = filing.kind
    if filing.applicant_kind not in kind.applicants:
        raise RuleBroken("not-for-applicant", "该补贴不面向此类申请人", "this kind is not for such an applicant")
    if filing.agent is not None and filing.agent.until < _today():
        raise RuleBroken("mandate-over", "委托书已过期", "the mandate is over")
    application_id, today = new_id(), _today()
    applicant_id = filing.applicant_id
    if filing.applicant_kind == "person":
        applicant_id = await persons.current(applicant_id, tx)
        if filing.agent is not None and filing.account is not None:
            check_own_account(json.loads(filing.account)["holder"], filing.name)
    own = party_of(filing.applicant_kind, applicant_id)
    parties = [filing.party] if own is None else list(dict.fromkeys([own, filing.party]))
    filed_by_officer = filing.party.startswith("officer:")
    return await Application(
        id=application_id,
        number=readable_number("德补", application_id, today),
        kind=kind.code,
        applicant_kind=filing.applicant_kind,
        applicant_id=applicant_id,
        parties=parties,
        subjects=[applicant_id],
        agent=filing.agent,
        name=encrypted(NAME, application_id, filing.name),
        account=None if filing.account is None else encrypted(ACCOUNT, application_id, filing.account),
        stated=encrypted(STATED, application_id, filing.stated),
        district=filing.district,
        away=[filing.party.removeprefix("officer:")] if filed_by_officer else [],
    ).put(tx)


async def kind_on_file(application_id: str, tx: Transaction) -> str | None:
    """The kind of an application that was handed in; None for a draft, and where there is none."""
    application = await Application.of(application_id, tx)
    return None if application is None or application.department is None else application.kind


async def change(application: Application, stated: str, account: str | None, tx: Transaction) -> Application:
    """Change what a draft says, or add what was asked for; of what is approved without an account, the account alone."""
    unpayable = application.state == "approved" and application.account is None
    if application.state not in ("draft", "supplementing") and not unpayable:
        raise Conflict("application-state", "该申请的当前状态不允许修改", "it is not to be changed now")
    if not unpayable:
        application.stated = encrypted(STATED, application.id, stated)
    if account is not None:
        if application.applicant_kind == "person" and application.agent is not None:
            check_own_account(json.loads(account)["holder"], application.clear_name)
        application.account = encrypted(ACCOUNT, application.id, account)
    return await application.put(tx)


async def submit(application: Application, by: str, tx: Transaction) -> Application:
    """Hand in a draft: from now on it is on file, and the machine proposes."""
    kind = kind_of(application.kind)
    if kind.fund is not None and application.account is None:
        raise RuleBroken("account-missing", "请填写收款账户", "say into which account it is paid")
    move(application, "submit", by)
    application.department = kind.department
    application.filed_on, application.month = _today(), month_of(clock.now())
    begin_to_look(application, tx)
    await propose(application, tx)
    events.submitted(application, tx)
    return await store(application, tx)


async def supplement(application: Application, by: str, tx: Transaction) -> Application:
    """Say that what was asked for is there; the term to decide goes on from tomorrow."""
    move(application, "supplement", by)
    tx.cancel(LAPSE, application.id)
    application.pauses = [
        one if one.last is not None else one.model_copy(update={"last": _today()}) for one in application.pauses
    ]
    begin_to_look(application, tx)
    await propose(application, tx)
    return await store(application, tx)


async def withdraw(application: Application, by: str, tx: Transaction) -> Application:
    """Take an application back before it is paid."""
    if application.state == "draft":
        move(application, "discard", by)
        return await application.put(tx)
    queued = application.state == "queued"
    move(application, "withdraw", by)
    return await _end(application, tx, lapsed=False, queued=queued)


async def lapse(application_id: str, tx: Transaction) -> None:
    """Take an application as withdrawn whose supplement did not come."""
    application = await Application.of(application_id, tx)
    if application is not None and application.state == "supplementing":
        move(application, "lapse", NOBODY)
        await _end(application, tx, lapsed=True, queued=False)


async def _end(application: Application, tx: Transaction, *, lapsed: bool, queued: bool) -> Application:
    application.public = False
    if queued:
        await decisions.give_up_facts(application.id, application.once, tx)
        for reserved in application.reservations:
            await budgets.release(reserved, tx)
    end_terms(application, tx)
    tx.cancel(LAPSE, application.id)
    tx.cancel(NOTICE_ENDS, application.id)
    tx.cancel(SILENT, application.id)
    events.withdrawn(application, lapsed=lapsed, tx=tx)
    return await store(application, tx)


async def erase(worker_id: str, tx: Transaction) -> None:
    """Remove what a person had not handed in; what was handed in is kept, as use of public money is accounted for."""
    await tx.delete_many(Application, {"subjects": worker_id, "applicant_id": worker_id, "filed_on": None})


def _today() -> dt.date:
    return shanghai_date(clock.now())
