"""Every event that a person or a platform must hear of."""

from __future__ import annotations

from typing import Any

from services.notifier.deliveries import commands
from shared.contracts.base import CloudEvent
from shared.contracts.complaints import CaseAccepted, CaseOpened
from shared.contracts.insurance import BillIssued, ClaimFiled, EnrolmentDutyOverdue, EnrolmentOpened
from shared.contracts.registry import EngagementActivated, EngagementBlocked
from shared.contracts.subsidies import ApplicationApproved, ApplicationRefused, CertificateIssued
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "notifier.messages"


async def _make(event: CloudEvent[Any], tx: Transaction) -> None:
    await commands.make_deliveries(event, tx)


on_engagement_blocked = consumes(EngagementBlocked, group=GROUP)(_make)
on_engagement_activated = consumes(EngagementActivated, group=GROUP)(_make)
on_enrolment_opened = consumes(EnrolmentOpened, group=GROUP)(_make)
on_enrolment_overdue = consumes(EnrolmentDutyOverdue, group=GROUP)(_make)
on_claim_filed = consumes(ClaimFiled, group=GROUP)(_make)
on_certificate_issued = consumes(CertificateIssued, group=GROUP)(_make)
on_bill_issued = consumes(BillIssued, group=GROUP)(_make)
on_case_opened = consumes(CaseOpened, group=GROUP)(_make)
on_case_accepted = consumes(CaseAccepted, group=GROUP)(_make)
on_application_approved = consumes(ApplicationApproved, group=GROUP)(_make)
on_application_refused = consumes(ApplicationRefused, group=GROUP)(_make)
