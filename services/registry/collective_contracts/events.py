"""What is published of collective contracts."""

from __future__ import annotations

from services.registry.collective_contracts.documents import CollectiveContract, KeptClause
from services.registry.unions import scopes
from shared.contracts.base import money
from shared.contracts.registry import Clause as PublishedClause
from shared.contracts.registry import CollectiveContractFields
from shared.contracts.registry import Terms as PublishedTerms
from shared.storage.transaction import Transaction


async def facts_of(contract: CollectiveContract, tx: Transaction) -> CollectiveContractFields:
    """What every event of a contract says."""
    return CollectiveContractFields(
        contract_id=contract.id,
        number=contract.number,
        level=contract.level,
        platforms=tuple(contract.platforms),
        industry=contract.industry,
        district=contract.district,
        valid_from=contract.in_force_from or contract.valid_from,
        valid_to=contract.valid_to,
        terms=tuple(
            PublishedTerms(
                since=one.since,
                hourly_pay=None if one.hourly_pay is None else money(one.hourly_pay),
                longest_continuous_minutes=one.longest_continuous_minutes,
                longest_daily_minutes=one.longest_daily_minutes,
                waiting_percent=None if one.waiting_percent is None else str(one.waiting_percent),
                clauses=tuple(_clause(clause) for clause in one.clauses),
            )
            for one in contract.terms
        ),
        unions=await scopes.concerned(contract.district, contract.industry, contract.platforms, tx),
    )


def _clause(kept: KeptClause) -> PublishedClause:
    return PublishedClause(
        subject=kept.subject,
        industry=kept.industry,
        amount=None if kept.amount is None else money(kept.amount),
        unit=kept.unit,
        percent=None if kept.percent is None else str(kept.percent),
        since=kept.since,
        until=kept.until,
    )
