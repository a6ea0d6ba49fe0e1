"""What the registry tells of enterprises, their licences and who cooperates with whom."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypedDict

from shared.contracts.base import Fact, Id, Sealed, Topic, event
from shared.contracts.platform import DeliveryClass, District, Industry

ENTERPRISE = Topic("registry.enterprise")
COOPERATION = Topic("registry.cooperation", partitions=1)

EnterpriseKind = Literal["platform", "partner", "dispatch_agency"]
LicenceKind = Literal["business", "courier", "road_transport", "ride_hailing", "labour_dispatch", "human_resources"]
"""营业执照、快递业务经营许可、道路运输经营许可、网络预约出租汽车经营许可、劳务派遣经营许可、人力资源服务许可。"""


@event("cn.deyang.registry.enterprise.registered.v1", topic=ENTERPRISE, key="uscc")
class EnterpriseRegistered(Fact, frozen=True, kw_only=True):
    """An enterprise is on file, or what is on file of it has changed; the latest one holds.

    `delivery_classes` are the days from which each declared class holds, the earliest first; it holds before that day too.
    `for_notifier` seals {phone}.
    """

    uscc: Id
    name: str
    industries: tuple[Industry, ...]
    delivery_classes: tuple[tuple[date, DeliveryClass], ...]
    for_notifier: Sealed
    kinds: tuple[EnterpriseKind, ...] = ("platform",)


class LicenceFact(Fact, frozen=True, kw_only=True):
    """A licence as it is on file. It is valid on both its days and between; `valid_to` is null where it has no end.

    `industries` are those that it is limited to; empty where it is not.
    """

    licence_id: Id
    uscc: Id
    kind: LicenceKind
    number: str
    industries: tuple[Industry, ...]
    valid_from: date
    valid_to: date | None


@event("cn.deyang.registry.licence.recorded.v1", topic=ENTERPRISE, key="uscc")
class LicenceRecorded(LicenceFact, frozen=True, kw_only=True):
    """A licence was put on file or renewed."""


@event("cn.deyang.registry.licence.lapsed.v1", topic=ENTERPRISE, key="uscc")
class LicenceLapsed(LicenceFact, frozen=True, kw_only=True):
    """A licence's last day is over, or it was revoked; `valid_to` is the last day that it was valid."""


@event("cn.deyang.registry.licence.suspended.v1", topic=ENTERPRISE, key="uscc")
class LicenceSuspended(LicenceFact, frozen=True, kw_only=True):
    """A penalty suspends a licence (暂扣) on both days and between; it ends by itself, or earlier on review."""

    suspended_from: date
    suspended_until: date


@event("cn.deyang.registry.licence.resumed.v1", topic=ENTERPRISE, key="uscc")
class LicenceResumed(LicenceFact, frozen=True, kw_only=True):
    """A licence is suspended no more, since its last day is over or the penalty was changed or set aside."""

    resumed_on: date


class CooperationFact(Fact, frozen=True, kw_only=True):
    """A platform organises its work through a partner firm (德人社发〔2022〕95 号 art. 3).

    `district` is where the work is done, 510600 where it is in the whole city. `licensed`: the partner holds what the
    industry and the form demand. `ends_on` is the last day, null while there is none.
    """

    cooperation_id: Id
    platform: Id
    partner: Id
    form: Literal["outsourcing", "dispatch"]
    industry: Industry
    starts_on: date
    ends_on: date | None
    licensed: bool
    district: District = "510600"


class CooperationFields(TypedDict):
    """The fields of `CooperationFact`, for whoever makes its events."""

    cooperation_id: Id
    platform: Id
    partner: Id
    form: Literal["outsourcing", "dispatch"]
    industry: Industry
    starts_on: date
    ends_on: date | None
    licensed: bool
    district: District


@event("cn.deyang.registry.cooperation.recorded.v1", topic=COOPERATION, key="cooperation_id")
class CooperationRecorded(CooperationFact, frozen=True, kw_only=True):
    """A cooperation was put on file, or its last day was named."""


@event("cn.deyang.registry.cooperation.unlicensed.v1", topic=COOPERATION, key="cooperation_id")
class CooperationUnlicensed(CooperationFact, frozen=True, kw_only=True):
    """The partner lacks a licence that the cooperation rests on; `since` is the first day without it.

    Told again where more or less is missing, or since another day.
    """

    since: date
    missing: tuple[LicenceKind, ...]


@event("cn.deyang.registry.cooperation.relicensed.v1", topic=COOPERATION, key="cooperation_id")
class CooperationRelicensed(CooperationFact, frozen=True, kw_only=True):
    """The partner holds again what was missing."""


@event("cn.deyang.registry.cooperation.ended.v1", topic=COOPERATION, key="cooperation_id")
class CooperationEnded(CooperationFact, frozen=True, kw_only=True):
    """The cooperation's last day, `ends_on`, is over."""


@event("cn.deyang.registry.dispatch_share.exceeded.v1", topic=ENTERPRISE, key="uscc")
class DispatchShareExceeded(Fact, frozen=True, kw_only=True):
    """More of an employer's people are dispatched than the law allows (劳务派遣暂行规定 art. 4). `percent` to one decimal.

    `unions`: the ids of those within whose scope the employer lies; they may demand that it is put right (劳动合同法 art. 78).
    """

    uscc: Id
    on: date
    dispatched: int
    employed: int
    percent: str
    limit_percent: str
    unions: tuple[Id, ...] = ()


DepartmentRecordKind = Literal["permit", "penalty", "inspection"]
"""行政许可、行政处罚、抽查检查结果 (德人社发〔2022〕95 号 art. 11)."""


class DepartmentRecordFact(Fact, frozen=True, kw_only=True):
    """What another department says of an enterprise, with its source: `department` by its code, `authority` by name.

    What the document says never travels.
    """

    record_id: Id
    uscc: Id
    kind: DepartmentRecordKind
    number: str
    authority: str
    department: str


@event("cn.deyang.registry.department_record.recorded.v1", topic=ENTERPRISE, key="uscc")
class DepartmentRecordRecorded(DepartmentRecordFact, frozen=True, kw_only=True):
    """A record is on file, or says something else from now on."""

    decided_on: date


@event("cn.deyang.registry.department_record.withdrawn.v1", topic=ENTERPRISE, key="uscc")
class DepartmentRecordWithdrawn(DepartmentRecordFact, frozen=True, kw_only=True):
    """The department took the record back."""
