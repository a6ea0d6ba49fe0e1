"""What subsidies publishes of applications. Of a private kind nobody but the applicant hears."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal, TypedDict

from services.subsidies.applications.documents import Application
from services.subsidies.applications.kinds import kind_of
from shared import clock
from shared.contracts.base import Fact, money
from shared.contracts.subsidies import (
    AppealDecided,
    ApplicationAccepted,
    ApplicationApproved,
    ApplicationDeadlineNear,
    ApplicationOverdue,
    ApplicationQueued,
    ApplicationRefused,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    AssistanceTold,
    DecisionAppealed,
    NoticeClosed,
    NoticeObjected,
    NoticeOpened,
    RevisionDecided,
    RevisionOpened,
    SupplementAsked,
)
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction

RevisionOutcome = Literal["supplemented", "recovered", "dropped"]
What = Literal["submitted", "accepted", "supplement_asked", "withdrawn", "approved", "refused", "appeal_decided"]


class _Fields(TypedDict):
    """The fields of every event on an application."""

    application_id: str
    number: str
    kind: str
    title: str
    worker_id: str | None
    platform: str | None
    provider: str | None
    union_id: str | None
    district: str
    lead_department: str
    filing_union: str | None


def submitted(one: Application, tx: Transaction) -> None:
    _tell(one, ApplicationSubmitted(**_fields(one), by_agent=one.agent is not None), "submitted", tx)


def accepted(one: Application, tx: Transaction) -> None:
    _tell(one, ApplicationAccepted(**_fields(one), due_on=one.due_on), "accepted", tx)


def supplement_asked(one: Application, until: dt.date, tx: Transaction, *, reminder: bool = False) -> None:
    _tell(one, SupplementAsked(**_fields(one), until=until, reminder=reminder), "supplement_asked", tx)


def withdrawn(one: Application, *, lapsed: bool, tx: Transaction) -> None:
    _tell(one, ApplicationWithdrawn(**_fields(one), lapsed=lapsed), "withdrawn", tx)


def approved(one: Application, tx: Transaction) -> None:
    amount = None if one.amount is None else money(one.amount)
    _tell(one, ApplicationApproved(**_fields(one), amount=amount), "approved", tx)


def refused(one: Application, tx: Transaction) -> None:
    _tell(one, ApplicationRefused(**_fields(one), reasons=tuple(one.grounds)), "refused", tx)


def queued(one: Application, amount: Decimal, tx: Transaction) -> None:
    _tell(one, ApplicationQueued(**_fields(one), amount=money(amount)), None, tx)


def deadline_near(one: Application, due_on: dt.date, tx: Transaction) -> None:
    tx.publish(ApplicationDeadlineNear(**_unnamed(one), due_on=due_on))


def overdue(one: Application, due_on: dt.date, tx: Transaction) -> None:
    tx.publish(ApplicationOverdue(**_unnamed(one), due_on=due_on))


def appealed(one: Application, forum: Literal["review", "court"], tx: Transaction) -> None:
    tx.publish(DecisionAppealed(**_unnamed(one), forum=forum))


def appeal_decided(one: Application, *, upheld: bool, tx: Transaction) -> None:
    _tell(one, AppealDecided(**_fields(one), upheld=upheld), "appeal_decided", tx)


def notice_opened(one: Application, since: dt.date, until: dt.date, tx: Transaction) -> None:
    _tell(one, NoticeOpened(**_fields(one), since=since, until=until), None, tx)


def notice_closed(one: Application, until: dt.date, tx: Transaction) -> None:
    _tell(one, NoticeClosed(**_fields(one), until=until, objections=one.objections), None, tx)


def objected(one: Application, objection_id: str, tx: Transaction) -> None:
    _tell(one, NoticeObjected(**_fields(one), objection_id=objection_id), None, tx)


def revision_opened(one: Application, revision_id: str, difference: Decimal | None, tx: Transaction) -> None:
    shown = None if difference is None else money(difference)
    tx.publish(RevisionOpened(**_unnamed(one), revision_id=revision_id, difference=shown))


def revision_decided(
    one: Application,
    revision_id: str,
    outcome: RevisionOutcome,
    difference: Decimal,
    tx: Transaction,
) -> None:
    fact = RevisionDecided(**_fields(one), revision_id=revision_id, outcome=outcome, difference=money(difference))
    _tell(one, fact, None, tx)


def _tell(one: Application, fact: Fact, what: What | None, tx: Transaction) -> None:
    if not kind_of(one.kind).private:
        tx.publish(fact)
    elif what is not None:
        tx.publish(AssistanceTold(application_id=one.id, number=one.number, worker_id=one.applicant_id, what=what))


def _fields(one: Application) -> _Fields:
    return {
        "application_id": one.id,
        "number": one.number,
        "kind": one.kind,
        "title": kind_of(one.kind).title,
        "worker_id": one.applicant_id if one.applicant_kind == "person" else None,
        "platform": one.applicant_id if one.applicant_kind == "platform" else None,
        "provider": one.applicant_id if one.applicant_kind == "provider" else None,
        "union_id": one.applicant_id if one.applicant_kind == "union" else None,
        "district": one.district,
        "lead_department": kind_of(one.kind).department,
        "filing_union": one.filing_union(shanghai_date(clock.now())),
    }


def _unnamed(one: Application) -> _Fields:
    """The same for what concerns the office alone: of a private kind neither the applicant nor their union is named."""
    fields = _fields(one)
    if kind_of(one.kind).private:
        fields["worker_id"] = fields["filing_union"] = None
    return fields
