"""Enterprises for which people work, and inspectors, of one district."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec

from services.complaints.officers.documents import Officer, encrypted_name
from services.complaints.parties.commands import record_engagement, record_enterprise
from shared.contracts.registry import EngagementBlocked, EngagementFact, EnterpriseRegistered
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction, transact
from tests.harness import bearer
from tests.integration.complaints.facts import engagement
from tests.unit.identity.numbers import make_uscc

NOW = dt.datetime(2026, 11, 2, 2, tzinfo=dt.UTC)


def code(number: int) -> str:
    return make_uscc(f"DR{number:07d}")


async def enterprises(district: str, numbers: Sequence[int], *, standing: str = "active") -> list[str]:
    """Enterprises on file for which people work (or no more, or not yet) in a district; their codes."""

    async def store(tx: Transaction) -> None:
        for number in numbers:
            uscc = code(number)
            fact = EnterpriseRegistered(
                uscc=uscc, name=f"测试{number}", industries=("freight",), delivery_classes=(), for_notifier="sealed"
            )
            await record_enterprise(fact, NOW, tx)
            about: dict[str, Any] = {"engagement_id": f"e-{district}-{number}", "worked": standing != "never_active"}
            told: EngagementFact = engagement(EngagementBlocked, "w-1", "r-1", **about)
            over = shanghai_date(NOW) - dt.timedelta(days=3) if standing == "ended" else None
            told = msgspec.structs.replace(told, platform=uscc, district=district, ended_on=over)
            await record_engagement(told, tx)

    await transact(store)
    return [code(number) for number in numbers]


async def inspectors(district: str, count: int, *, prefix: str = "i") -> list[str]:
    """Inspectors of the labour department of a district; their subjects."""
    subjects = [f"{prefix}-{district}-{number}" for number in range(count)]

    async def store(tx: Transaction) -> None:
        for number, subject in enumerate(subjects):
            officer = Officer(
                id=subject,
                name=encrypted_name(subject, "检查测试"),
                department="hrss",
                district=district,
                certificate=f"川{district}-{number:03}",
                duties=["inspector"],
            )
            await officer.put(tx)

    await transact(store)
    return subjects


def inspector(subject: str, district: str) -> dict[str, str]:
    """The headers of an inspector's token."""
    return bearer("officer", department="hrss", district=district, sub=subject)
