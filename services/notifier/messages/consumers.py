"""Every event that a person or a platform must hear of."""

from __future__ import annotations

from services.notifier.deliveries import commands
from shared.contracts.base import CloudEvent, Fact
from shared.contracts.complaints import CaseAccepted, CaseOpened
from shared.contracts.insurance import BillIssued, ClaimFiled, EnrolmentDutyOverdue, EnrolmentOpened
from shared.contracts.registry import EngagementActivated, EngagementBlocked
from shared.contracts.subsidies import ApplicationApproved, ApplicationRefused, CertificateIssued
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "notifier.messages"


@consumes(
    EngagementBlocked,
    EngagementActivated,
    EnrolmentOpened,
    EnrolmentDutyOverdue,
    ClaimFiled,
    CertificateIssued,
    BillIssued,
    CaseOpened,
    CaseAccepted,
    ApplicationApproved,
    ApplicationRefused,
    group=GROUP,
)
async def on_event(event: CloudEvent[Fact], tx: Transaction) -> None:
    await commands.make_deliveries(event, tx)
