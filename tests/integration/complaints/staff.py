"""Officers on the register of complaints, and their tokens."""

from __future__ import annotations

from collections.abc import Collection
from typing import get_args

from services.complaints.officers.documents import Officer, encrypted_name
from services.complaints.officers.rules import Duty
from shared.contracts.complaints import Category
from shared.storage.transaction import transact
from tests.harness import bearer
from tests.integration.access import CITY, DEPARTMENTS, ELSEWHERE, HERE

EVERY_DUTY: tuple[Duty, ...] = get_args(Duty)


def subject_of(department: str, district: str) -> str:
    """The subject of `bearer("officer", department=…, district=…)`."""
    return f"officer:{department}-{district}"


async def on_register(
    department: str = "hrss",
    district: str = CITY,
    *,
    subject: str | None = None,
    duties: Collection[Duty] = EVERY_DUTY,
    circles: Collection[Category] = (),
) -> dict[str, str]:
    """Put an officer on the register, unless there already; the headers of their token."""
    named = {} if subject is None else {"sub": subject}
    subject = subject or subject_of(department, district)
    officer = Officer(
        id=subject,
        name=encrypted_name(subject, "经办测试"),
        department=department,
        district=district,
        certificate="510600-0001" if "inspector" in duties else None,
        duties=list(duties),
        circles=list(circles),
    )
    if await Officer.of(subject) is None:
        await transact(officer.put)
    return bearer("officer", department=department, district=district, **named)


async def everybody_on_register() -> None:
    """Put an officer of every department and district that the walk over the routes tries on the register."""
    for department in DEPARTMENTS:
        for district in (HERE, ELSEWHERE, CITY):
            await on_register(department, district)
