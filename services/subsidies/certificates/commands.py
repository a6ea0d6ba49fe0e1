"""Issue a certificate for a completed course, once it is known whose it is."""

from __future__ import annotations

from services.subsidies.certificates.documents import Certificate, Trainee
from shared.contracts.platform import TrainingCompleted
from shared.contracts.registry import EngagementFact
from shared.contracts.subsidies import CertificateIssued
from shared.ids import new_id, readable_number
from shared.storage.transaction import Transaction


async def record_training(training: TrainingCompleted, platform: str, event_id: str, tx: Transaction) -> None:
    """Record a completed training as a certificate; the first event on one worker, course and day counts."""
    if await Certificate.same(platform, training.worker_ref, training.course, training.completed_on, tx):
        return
    certificate_id = new_id()
    trainee = await Trainee.named(platform, training.worker_ref, tx)
    certificate = Certificate(
        id=certificate_id,
        number=training.certificate_number or readable_number("德培证", certificate_id, training.completed_on),
        worker_id=trainee.worker_id,
        platform=platform,
        worker_ref=training.worker_ref,
        course=training.course,
        hours=training.hours,
        completed_on=training.completed_on,
        district=trainee.district,
        event_id=event_id,
    )
    await certificate.put(tx)
    await trainee.put(tx)
    if trainee.worker_id is not None:
        tx.publish(_issued(certificate))


async def record_worker(engagement: EngagementFact, tx: Transaction) -> None:
    """Record who a platform's worker is, and issue the certificates that waited for that."""
    trainee = await Trainee.named(engagement.platform, engagement.worker_ref, tx)
    if not _is_newer(engagement, trainee):
        return
    is_new = trainee.revision == 0  # then no certificate waits: one that does has stored the trainee
    trainee.worker_id, trainee.engagement_id = engagement.worker_id, engagement.engagement_id
    trainee.district = engagement.district
    trainee.version, trainee.happened_at = engagement.version, engagement.happened_at
    await trainee.put(tx)
    if is_new:
        return
    for certificate in await Certificate.nameless(engagement.platform, engagement.worker_ref, tx):
        certificate.worker_id, certificate.district = engagement.worker_id, engagement.district
        await certificate.put(tx)
        tx.publish(_issued(certificate))


def _is_newer(engagement: EngagementFact, trainee: Trainee) -> bool:
    if trainee.engagement_id == engagement.engagement_id:
        return engagement.version > trainee.version
    return trainee.happened_at is None or engagement.happened_at > trainee.happened_at


def _issued(certificate: Certificate) -> CertificateIssued:
    return CertificateIssued(
        certificate_id=certificate.id,
        number=certificate.number,
        worker_id=certificate.worker_id,
        platform=certificate.platform,
        worker_ref=certificate.worker_ref,
        course=certificate.course,
        completed_on=certificate.completed_on,
    )
