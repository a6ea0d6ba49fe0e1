"""What platform companies push through the gateway.

The gateway takes these as CloudEvents with the personal fields in clear, checks them, and seals `id_number`, `name` and
`phone` and why work ended for the registry, `place` and `description` of an incident and whom an employer declares for
insurance, before anything is kept or published. A platform's natural keys stand in `NATURAL_KEY`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from shared.contracts.base import Fact, Id, Instant, Money, Sealed, SignedMoney, Topic, event

PROFILE = Topic("platform.profile")
ENGAGEMENT = Topic("platform.engagement")
ORDER = Topic("platform.order", partitions=12)
SETTLEMENT = Topic("platform.settlement")
WORKTIME = Topic("platform.worktime")
INCIDENT = Topic("platform.incident")
TRAINING = Topic("platform.training")
DECLARATION = Topic("platform.declaration")

Industry = Literal["ride_hailing", "instant_delivery", "freight", "courier", "other"]
DeliveryClass = Literal["a", "b"]
Relation = Literal["employment", "partial", "self_employed"]
Severity = Literal["minor", "serious", "fatal"]
District = Annotated[str, msgspec.Meta(pattern=r"^\d{6}$")]
Count = Annotated[int, msgspec.Meta(ge=0)]


PaperTerm = Literal["fixed", "open", "task"]
"""固定期限、无固定期限、以完成一定工作任务为期限 (劳动合同法 art. 12)."""


class Agreement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A contract or written agreement. `term`: how long it runs, from the first day of work on, null where that is not said;
    `ends_on` is the last day of a fixed one."""

    kind: Literal["contract", "written_agreement"]
    number: Id
    signed_on: date
    term: PaperTerm | None = None
    ends_on: date | None = None


class SafetyTraining(msgspec.Struct, frozen=True, kw_only=True):
    course: Id
    completed_on: date


class Deduction(msgspec.Struct, frozen=True, kw_only=True):
    kind: Id
    amount: Money


class Component(msgspec.Struct, frozen=True, kw_only=True):
    kind: Id
    amount: Money


@event("cn.deyang.platform.profile.declared.v1", topic=PROFILE, key=())
class ProfileDeclared(Fact, frozen=True, kw_only=True):
    """A platform says who it is."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    industries: Annotated[tuple[Industry, ...], msgspec.Meta(min_length=1)]
    contact_phone: Sealed
    delivery_class: DeliveryClass | None = None


@event("cn.deyang.platform.engagement.started.v1", topic=ENGAGEMENT, key="worker_ref")
class EngagementStarted(Fact, frozen=True, kw_only=True):
    """A person begins to work through the platform. `id_number`, `name`, `phone` are sealed for the registry.

    `part_time`: an employee works part time, by the hour (非全日制用工, 劳动合同法 art. 68).
    """

    worker_ref: Id
    id_number: Sealed
    name: Sealed
    phone: Sealed
    industry: Industry
    relation: Relation
    started_on: date
    district: District
    agreement: Agreement | None
    safety_training: SafetyTraining | None
    partner_uscc: str | None
    dispatched: bool
    part_time: bool = False


@event("cn.deyang.platform.engagement.ended.v1", topic=ENGAGEMENT, key="worker_ref")
class EngagementEnded(Fact, frozen=True, kw_only=True):
    """A person's work ended. `for_registry` holds `reason`; in clear it stands only in events of the past."""

    worker_ref: Id
    ended_on: date
    reason: Annotated[str, msgspec.Meta(max_length=500)]
    for_registry: Annotated[str, msgspec.Meta(max_length=65_536)] | None = None


@event("cn.deyang.platform.order.finished.v1", topic=ORDER, key="worker_ref")
class OrderFinished(Fact, frozen=True, kw_only=True):
    """An order was done. `fee` is yuan."""

    order_id: Id
    worker_ref: Id
    industry: Industry
    taken_at: Instant
    finished_at: Instant
    district: District
    fee: Money


@event("cn.deyang.platform.settlement.paid.v1", topic=SETTLEMENT, key="worker_ref")
class SettlementPaid(Fact, frozen=True, kw_only=True):
    """A worker was paid for a period of days, both ends included. Amounts are yuan.

    `components` are parts of `gross` by kind: `overtime`, `holiday_overtime`, `shift_allowance`, `heat_allowance`,
    `non_cash_subsidy` and so on (`minimum_wage.excluded`), or a name of the platform's own. Empty where nothing is said of them.
    `replaces`: the `settlement_id` of the same worker's settlement that this one takes the place of.
    """

    settlement_id: Id
    worker_ref: Id
    period_start: date
    period_end: date
    orders: Count
    gross: Money
    deductions: tuple[Deduction, ...]
    net: SignedMoney
    due_on: date
    paid_on: date
    components: tuple[Component, ...] = ()
    replaces: Id | None = None


@event("cn.deyang.platform.worktime.recorded.v1", topic=WORKTIME, key="worker_ref")
class WorktimeRecorded(Fact, frozen=True, kw_only=True):
    session_id: Id
    worker_ref: Id
    online_at: Instant
    offline_at: Instant


@event("cn.deyang.platform.incident.reported.v1", topic=INCIDENT, key="worker_ref")
class IncidentReported(Fact, frozen=True, kw_only=True):
    """An accident. `for_insurance` holds `place` and `description`; in clear they stand only in events of the past."""

    incident_id: Id
    worker_ref: Id
    order_id: Id | None
    occurred_at: Instant
    district: District
    place: Annotated[str, msgspec.Meta(max_length=500)]
    description: Annotated[str, msgspec.Meta(max_length=5000)]
    severity: Severity
    for_insurance: Annotated[str, msgspec.Meta(max_length=65_536)] | None = None


@event("cn.deyang.platform.training.completed.v1", topic=TRAINING, key="worker_ref")
class TrainingCompleted(Fact, frozen=True, kw_only=True):
    worker_ref: Id
    course: Id
    hours: Annotated[float, msgspec.Meta(ge=0)]
    completed_on: date
    certificate_number: Id | None


@event("cn.deyang.platform.employee.declared.v1", topic=DECLARATION, key="worker_ref")
class EmployeeDeclared(Fact, frozen=True, kw_only=True):
    """An employer applies for the registration of an employee who works for it since a legal day (社会保险法 art. 58): a platform, a
    partner firm, or whoever dispatches them (`source`). `for_insurance` holds `id_number` and `name`."""

    worker_ref: Id
    started_on: date
    for_insurance: Sealed


NATURAL_KEY: dict[type[Fact], tuple[str, ...]] = {
    ProfileDeclared: (),
    EngagementStarted: ("worker_ref", "started_on"),
    EngagementEnded: ("worker_ref", "ended_on"),
    OrderFinished: ("order_id",),
    SettlementPaid: ("settlement_id",),
    WorktimeRecorded: ("session_id",),
    IncidentReported: ("incident_id",),
    TrainingCompleted: ("worker_ref", "course", "completed_on"),
    EmployeeDeclared: ("worker_ref", "started_on"),
}
"""What makes two events of one platform the same fact, whatever their event ids."""


def platform_of(source: str) -> str:
    """The unified social credit code in a platform's `source`, `/platforms/<code>`."""
    return source.removeprefix("/platforms/")


def platform_source(uscc: str) -> str:
    return f"/platforms/{uscc}"


def record_key(uscc: str, fact: Fact) -> str:
    """The Kafka key of a platform's event: the platform and its worker, so that one worker's events stay in order."""
    reference = fact.key()
    return f"{uscc}:{reference}" if reference else uscc
