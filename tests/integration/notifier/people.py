"""Synthetic people, platforms and what happens to them, as events of the other services."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import Any

from shared import clock
from shared.contracts.complaints import CaseAccepted, CaseOpened
from shared.contracts.insurance import ClaimFiled, EnrolmentEnded, EnrolmentOpened
from shared.contracts.registry import (
    EngagementActivated,
    EngagementBlocked,
    EngagementCorrected,
    EngagementEnded,
    EngagementRestated,
    EnterpriseRegistered,
    WorkerRegistered,
)
from shared.ids import new_id
from shared.storage.encryption import seal_for

DAY = dt.date(2026, 9, 30)
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """A worker of one platform, none of whom exists; `number` keeps phones and references apart."""

    number: int = field(default_factory=lambda: next(_numbers))
    worker_id: str = field(default_factory=new_id)
    engagement_id: str = field(default_factory=new_id)

    @property
    def phone(self) -> str:
        return f"138{self.number:08d}"

    @property
    def platform(self) -> str:
        return f"PLATFORM{self.number:010d}"

    @property
    def platform_phone(self) -> str:
        return f"139{self.number:08d}"

    @property
    def worker_ref(self) -> str:
        return f"R{self.number:05d}"

    def registered(self, phone: str | None = None) -> WorkerRegistered:
        sealed = seal_for("notifier", {"name": "张三丰", "phone": phone or self.phone})
        return WorkerRegistered(worker_id=self.worker_id, for_insurance="", for_notifier=sealed, for_subsidies="")

    def platform_registered(self) -> EnterpriseRegistered:
        return EnterpriseRegistered(
            uscc=self.platform,
            name=f"德阳快送{self.number}号",
            industries=("instant_delivery",),
            delivery_classes=(),
            for_notifier=seal_for("notifier", {"phone": self.platform_phone}),
        )

    def engaged(self, **changes: Any) -> EngagementCorrected:
        return EngagementCorrected(**self._engagement(1) | changes)

    def restated(self, **changes: Any) -> EngagementRestated:
        return EngagementRestated(**self._engagement(1) | changes)

    def blocked(self, version: int = 2) -> EngagementBlocked:
        return EngagementBlocked(**self._engagement(version))

    def unblocked(self, version: int = 3) -> EngagementActivated:
        return EngagementActivated(**self._engagement(version), was_blocked=True)

    def ended(self, version: int = 4) -> EngagementEnded:
        return EngagementEnded(**self._engagement(version) | {"ended_on": DAY}, reason="")

    def _engagement(self, version: int) -> dict[str, Any]:
        return {
            "engagement_id": self.engagement_id,
            "version": version,
            "worker_id": self.worker_id,
            "platform": self.platform,
            "worker_ref": self.worker_ref,
            "industry": "instant_delivery",
            "relation": "employment",
            "started_on": DAY,
            "ended_on": None,
            "district": "510603",
            "agreement": None,
            "partner_uscc": None,
            "dispatched": False,
            "happened_at": clock.now(),
        }

    def complained(self, number: str = "TS1", district: str = "510603") -> CaseOpened:
        return CaseOpened(
            case_id=new_id(),
            number=number,
            worker_id=self.worker_id,
            platform=self.platform,
            category="late_pay",
            district=district,
            departments=("hrss",),
            lead_department="hrss",
            accept_by=DAY,
        )

    def accepted(self, number: str = "TS1") -> CaseAccepted:
        return CaseAccepted(
            case_id=new_id(),
            number=number,
            worker_id=self.worker_id,
            platform=self.platform,
            category="late_pay",
            district="510603",
            departments=("hrss",),
            lead_department="hrss",
            decide_by=DAY,
        )

    def had_accident(self, *, known: bool) -> ClaimFiled:
        return ClaimFiled(
            claim_id=new_id(),
            platform=self.platform,
            worker_ref=self.worker_ref,
            worker_id=self.worker_id if known else None,
            incident_id="INC-1",
            occurred_at=clock.now(),
            cover="covered",
        )

    def must_be_insured(self) -> EnrolmentOpened:
        return EnrolmentOpened(**self._segment(new_id()), scheme="work_injury", ends_on=None, due_on=DAY)

    def covered(self, enrolment_id: str) -> EnrolmentOpened:
        return EnrolmentOpened(**self._segment(enrolment_id), scheme="occupational_injury", ends_on=None, due_on=None)

    def never_covered(self, enrolment_id: str) -> EnrolmentEnded:
        before = DAY - dt.timedelta(days=1)
        return EnrolmentEnded(**self._segment(enrolment_id), scheme="occupational_injury", ends_on=before, due_on=None)

    def _segment(self, enrolment_id: str) -> dict[str, Any]:
        return {
            "enrolment_id": enrolment_id,
            "engagement_id": self.engagement_id,
            "worker_id": self.worker_id,
            "platform": self.platform,
            "starts_on": DAY,
        }
