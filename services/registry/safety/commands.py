"""Taking trainings down, and what a person has completed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from services.registry.safety.documents import TrainingRecord
from shared.contracts.platform import TrainingCompleted
from shared.storage.transaction import Transaction


async def record(platform: str, training: TrainingCompleted, told_at: dt.datetime, tx: Transaction) -> None:
    """Take a completed training down; told again, the latest word on its hours and certificate holds."""
    key = {
        "platform": platform,
        "worker_ref": training.worker_ref,
        "course": training.course,
        "completed_on": training.completed_on,
    }
    kept = await TrainingRecord.find_one(key, session=tx.session)
    if kept is None:
        kept = TrainingRecord(
            **key,
            hours=training.hours,
            certificate_number=training.certificate_number,
            told_at=told_at,
        )
    elif told_at < kept.told_at:
        return
    kept.hours, kept.certificate_number, kept.told_at = training.hours, training.certificate_number, told_at
    await kept.put(tx)


async def courses_of(accounts: Iterable[tuple[str, str]], tx: Transaction) -> set[str]:
    """The courses completed under any of these accounts (platform, the platform's own id of the worker)."""
    courses: set[str] = set()
    for platform, worker_ref in accounts:  # one or two, seldom more
        account = {"platform": platform, "worker_ref": worker_ref}
        courses.update(kept.course for kept in await TrainingRecord.find(account, session=tx.session).to_list())
    return courses
