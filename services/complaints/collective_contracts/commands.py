"""Record collective contracts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.complaints.collective_contracts.documents import AgreedClause, AgreedTerms, CollectiveTerms
from shared.contracts.base import yuan
from shared.contracts.registry import Clause, CollectiveContractFact
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose work a contract touches, as it holds or as it was known before: from a day to a day, of these platforms (empty: all)."""

    since: dt.date
    until: dt.date
    platforms: tuple[str, ...]


async def record_contract(fact: CollectiveContractFact, told_at: dt.datetime, tx: Transaction) -> Reach | None:
    """Record a collective contract as an event has it, unless a later event was recorded; what it touches."""
    known = await CollectiveTerms.of(fact.contract_id, tx)
    if known is not None and known.told_at >= told_at:
        return None
    copy = CollectiveTerms(
        id=fact.contract_id,
        platforms=list(fact.platforms),
        industry=fact.industry,
        district=fact.district,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        terms=[
            AgreedTerms(
                since=one.since,
                hourly_pay=None if one.hourly_pay is None else yuan(one.hourly_pay),
                longest_continuous_minutes=one.longest_continuous_minutes,
                longest_daily_minutes=one.longest_daily_minutes,
                waiting_percent=None if one.waiting_percent is None else yuan(one.waiting_percent),
                clauses=[_clause(clause) for clause in one.clauses],
            )
            for one in fact.terms
        ],
        told_at=told_at,
    )
    reach = Reach(fact.valid_from, fact.valid_to, tuple(fact.platforms))
    if known is not None:
        both = {*known.platforms, *fact.platforms} if known.platforms and fact.platforms else set[str]()
        reach = Reach(min(reach.since, known.valid_from), max(reach.until, known.valid_to), tuple(sorted(both)))
        copy.revision, copy.created_at = known.revision, known.created_at
    await copy.put(tx)
    return reach


def _clause(clause: Clause) -> AgreedClause:
    return AgreedClause(
        subject=clause.subject,
        industry=clause.industry,
        amount=None if clause.amount is None else yuan(clause.amount),
        unit=clause.unit,
        percent=None if clause.percent is None else yuan(clause.percent),
        since=clause.since,
        until=clause.until,
    )
