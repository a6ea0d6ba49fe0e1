"""Put a complaint or a report on file, and find it again by the code that came with it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.complaints.cases import events, rules
from services.complaints.cases.assignment_commands import assign
from services.complaints.cases.documents import (
    NAME,
    PHONE,
    RELATION,
    Case,
    CaseNumber,
    Hotline,
    Reporter,
    encrypted,
    encrypted_text,
)
from services.complaints.cases.hotline_commands import take_call
from services.complaints.cases.rules import Channel, Dispute, Facts, Kind, Route
from services.complaints.cases.tables import KEYWORDS
from services.complaints.cases.term_commands import begin, set_term
from services.complaints.members.commands import current
from services.complaints.parties.commands import district_of, industries_of
from services.complaints.terms import commands as terms
from services.complaints.terms.rules import Length
from shared import clock
from shared.contracts.complaints import Category
from shared.contracts.platform import Industry
from shared.errors import NotFound, RuleBroken
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Law, parameters
from shared.storage.encryption import lookup_hash, lookup_hashes
from shared.storage.transaction import Transaction

CODE: Final = "case.code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """How a case came in, in clear. `by`: the subject of the union or the officer that files it for somebody."""

    channel: Channel = "worker"
    by: str | None = None
    name: str | None = None
    phone: str | None = None
    relation: str | None = None
    hotline: Hotline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A complaint or report as it was filed. `continuing`: what it is about still goes on; without `district` it is that of
    the work."""

    platform: str | None
    category: Category | None
    text: str
    district: str | None
    occurred_on: dt.date
    continuing: bool
    kind: Kind = "complaint"
    confidential: bool = False
    dispute: Dispute | None = None
    source: Source = Source()


async def open_case(filing: Filing, worker_id: str | None, tx: Transaction, *, code: str | None = None) -> Case:
    """Put a case on file: its category, its departments, its first term and its officer, and what the machine proposes.

    `worker_id` may name a record that was merged. `code` is what whoever has no token follows it by. Raises `RuleBroken` where
    it has not happened yet, nobody knows where, or nobody complains by name, and `Conflict` where a hotline's call was taken down
    before.
    """
    today = shanghai_date(clock.now())
    check_days(filing, today)
    rules.check_named(filing.kind, named=worker_id is not None or bool((filing.source.name or "").strip()))
    worker_id = worker_id and await current(worker_id, tx)
    district = filing.district or await district_of(filing.platform, worker_id, tx)
    if district is None:
        raise RuleBroken("district-missing", "请填写用工所在区县", "say in which district the work is done")
    law = parameters.on(today, place=district)
    category = filing.category or rules.classify(filing.text, KEYWORDS)
    industries: Sequence[Industry] = ()
    if filing.platform and rules.by_trade(category, parameters.on(today, place=district)):
        industries = await industries_of(filing.platform, worker_id, tx)
    case = _case(filing, worker_id, category, rules.route(category, industries, law), district, today, law, code)
    await CaseNumber(id=case.number, holder=case.id).put(tx)
    terms.begin_matter("case", case.id, tx)
    await begin(case, today, "case.opened", law, tx)
    if filing.source.hotline is not None:
        await take_call(case, tx)
        length = Length(law.days("hotline.handle_workdays"), "workdays")
        await set_term(
            case, "hotline", length, shanghai_date(filing.source.hotline.called_at), "hotline.called", law, tx
        )
    case.used = list(law.used)
    await case.put(tx)
    events.publish(case, events.opened(case), tx)
    await assign(case, tx)
    return case


def check_days(filing: Filing, today: dt.date) -> None:
    """Raise RuleBroken where what is filed has not happened yet, or a call came before it or after today."""
    if filing.occurred_on > today:
        raise RuleBroken("occurred-in-future", "发生日期不能晚于今天", "it cannot have happened after today")
    called_at = None if filing.source.hotline is None else filing.source.hotline.called_at
    if called_at is not None and not filing.occurred_on <= shanghai_date(called_at) <= today:
        zh = "来电时间应在发生日期之后且不晚于今天"
        raise RuleBroken("called-when", zh, "a call comes after what it is about, and not after today")


def _case(
    filing: Filing,
    worker_id: str | None,
    category: Category,
    route: Route,
    district: str,
    today: dt.date,
    law: Law,
    code: str | None,
) -> Case:
    """A case as it was filed, its texts encrypted; its term is not set yet."""
    case_id = new_id()
    facts = Facts(
        kind=filing.kind,
        platform=filing.platform,
        occurred_on=filing.occurred_on,
        continuing=filing.continuing,
        dispute=filing.dispute,
    )
    return Case(
        id=case_id,
        number=rules.case_number(case_id, today),
        worker_id=worker_id,
        platform=filing.platform,
        category=category,
        category_chosen=filing.category is not None,
        article=route.article,
        departments=list(route.departments),
        lead_department=route.lead,
        district=district,
        occurred_on=filing.occurred_on,
        continuing=filing.continuing,
        text=encrypted_text(case_id, filing.text),
        accept_by=today,
        provisional=False,
        kind=filing.kind,
        reporter=_reporter(case_id, filing.source),
        confidential=rules.in_confidence(filing.kind, asked=filing.confidential),
        dispute=filing.dispute,
        proposed=rules.proposed(facts, today, law),
        circle=rules.circle_of(category, law),
        code=None if code is None else lookup_hash(CODE, code),
        used=[],
    )


def _reporter(case_id: str, source: Source) -> Reporter:
    return Reporter(
        channel=source.channel,
        by=source.by,
        name=encrypted(NAME, case_id, source.name),
        phone=encrypted(PHONE, case_id, source.phone),
        relation=encrypted(RELATION, case_id, source.relation),
        hotline=source.hotline,
    )


def new_code() -> str:
    """A secret by which whoever has no token follows a case; only its hash is kept."""
    return secrets.token_urlsafe(24)


async def case_by_code(number: str, code: str, tx: Transaction | None = None) -> Case:
    """The case of a number, where the code is its own; any other is not found."""
    case = await _of_number(number, tx)
    check_code(None if case is None else case.code, code)
    assert case is not None
    return case


async def case_of_number(number: str, tx: Transaction | None = None) -> Case:
    """The case of a number; raises NotFound."""
    case = await _of_number(number, tx)
    if case is None:
        raise _not_found()
    return case


async def _of_number(number: str, tx: Transaction | None) -> Case | None:
    """None also of whom the data was removed. A case is looked for in any case, so that how long it takes says nothing of a number."""
    held = await CaseNumber.of(number, tx)
    case = await Case.of(number if held is None else held.holder, tx)
    return None if case is None or case.erased else case


def check_code(kept: str | None, code: str) -> None:
    """Raise NotFound unless the code is that of which the keyed hash was kept; where none was, after as long."""
    if not any(secrets.compare_digest(kept or "", one) for one in lookup_hashes(CODE, code)):
        raise _not_found()


def _not_found() -> NotFound:
    return NotFound("该举报", "the report")
