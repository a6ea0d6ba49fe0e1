"""Trainings, engagements and workers as platforms and the registry publish them; none of them exists."""

from __future__ import annotations

import datetime as dt

import msgspec

from shared.contracts.base import Fact
from shared.contracts.insurance import ContributionRecorded, Insurance
from shared.contracts.platform import TrainingCompleted, platform_source
from shared.contracts.registry import (
    EmploymentEnded,
    EmploymentForm,
    EmploymentRegistered,
    EngagementCorrected,
    UnemploymentEnded,
    UnemploymentRegistered,
    WorkerRegistered,
)
from shared.policy.calendar import SHANGHAI
from shared.storage.encryption import seal_for
from tests.harness import Harness

PLATFORM = "91510600MA0000001E"
DAY = dt.date(2026, 9, 10)


def training(
    worker_ref: str, course: str = "网约配送员（四级）", day: dt.date = DAY, number: str | None = None
) -> TrainingCompleted:
    return TrainingCompleted(
        worker_ref=worker_ref, course=course, hours=24, completed_on=day, certificate_number=number
    )


def engagement(worker_id: str, worker_ref: str, version: int = 1) -> EngagementCorrected:
    return EngagementCorrected(
        engagement_id=f"engagement-of-{worker_ref}",
        version=version,
        worker_id=worker_id,
        platform=PLATFORM,
        worker_ref=worker_ref,
        industry="instant_delivery",
        relation="self_employed",
        started_on=dt.date(2026, 8, 1),
        ended_on=None,
        district="510603",
        agreement=None,
        partner_uscc=None,
        dispatched=False,
        happened_at=dt.datetime(2026, 8, 1, 8, version, tzinfo=SHANGHAI),
    )


def worker(worker_id: str, born_on: str = "1990-01-01", sex: str = "male", name: str = "试样甲") -> WorkerRegistered:
    sealed = seal_for("subsidies", {"born_on": born_on, "sex": sex, "name": name})
    return WorkerRegistered(worker_id=worker_id, for_insurance="x", for_notifier="x", for_subsidies=sealed)


def contribution(
    worker_id: str,
    month: str,
    *,
    number: str | None = None,
    insurance: Insurance = "pension",
    base: str = "4000.00",
    amount: str = "800.00",
    payer: str | None = None,
    reversed: bool = False,
) -> ContributionRecorded:
    """What a person paid for a month in flexible employment, or an employer for them."""
    return ContributionRecorded(
        contribution_id=number or f"{worker_id}|{month}|{insurance}",
        worker_id=worker_id,
        insurance=insurance,
        month=month,
        base=base,
        employer_amount="0.00" if payer is None else "640.00",
        worker_amount=amount,
        payer=payer,
        paid_on=dt.date.fromisoformat(f"{month}-15"),
        reversed=reversed,
    )


def registered(
    worker_id: str, starts_on: dt.date, *, form: EmploymentForm = "flexible", certificate: str | None = None
) -> EmploymentRegistered:
    return EmploymentRegistered(
        registration_id=f"registration-of-{worker_id}",
        worker_id=worker_id,
        certificate_number=certificate or f"5106{worker_id}",
        form=form,
        district="510603",
        starts_on=starts_on,
        ends_on=None,
        forms=((starts_on, form),),
    )


def ended(told: EmploymentRegistered, ends_on: dt.date, *, withdrawn: bool = False) -> EmploymentEnded:
    return EmploymentEnded(**msgspec.structs.asdict(told) | {"ends_on": ends_on}, withdrawn=withdrawn)


def unemployed(worker_id: str, registered_on: dt.date) -> UnemploymentRegistered:
    return UnemploymentRegistered(
        registration_id=f"unemployment-of-{worker_id}",
        worker_id=worker_id,
        certificate_number=f"5106{worker_id}",
        district="510603",
        registered_on=registered_on,
        unemployed_since=registered_on,
    )


def employed_again(told: UnemploymentRegistered, ended_on: dt.date) -> UnemploymentEnded:
    return UnemploymentEnded(**msgspec.structs.asdict(told), ended_on=ended_on, ending="employed")


async def tell(subsidies: Harness, *facts: Fact, time: dt.datetime | None = None) -> None:
    for fact in facts:
        source = platform_source(PLATFORM) if isinstance(fact, TrainingCompleted) else "/services/registry"
        await subsidies.publish(fact, source=source, time=time)
