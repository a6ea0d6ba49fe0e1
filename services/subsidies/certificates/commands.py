"""Issue one certificate for one training, whoever tells of it first; revoke it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from services.subsidies.certificates import events, rules
from services.subsidies.certificates.documents import Certificate, CertificateKey, encrypted_reason
from services.subsidies.certificates.rules import Grade
from services.subsidies.trainees import commands as trainees
from services.subsidies.trainees.documents import Trainee
from shared import clock
from shared.contracts.platform import TrainingCompleted
from shared.contracts.registry import EngagementFact
from shared.contracts.subsidies import SkillLevel
from shared.ids import new_id, readable_number
from shared.policy.parameters import Used
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """A completion in a programme. `days`: the legal days by which a platform may have told of the same; `evaluator`: null where
    nobody examined."""

    worker_id: str
    enrolment_id: str
    programme_id: str
    title: str
    occupation: str
    occupation_name: str
    level: SkillLevel
    hours: int
    completed_on: dt.date
    days: Sequence[dt.date]
    provider: str
    provider_name: str
    evaluator: str | None
    grade: Grade | None
    district: str
    department: str
    used: Sequence[Used]


async def award(award: Award, tx: Transaction) -> Certificate:
    """Issue the certificate of a completion, or add it to the one that a platform's word on the same training has made."""
    courses = {rules.plain(award.title), rules.of_level(award.occupation_name, award.level)}
    keys = rules.keys(award.worker_id, courses, award.days, None)
    known = await _holder(keys, tx)
    if known is not None and known.state != "issued":
        known = None  # what was revoked is not made valid by another's word
    certificate_id = known.id if known is not None else new_id()
    certificate = known or Certificate(
        id=certificate_id,
        number=readable_number("德培证", certificate_id, award.completed_on),
        worker_id=award.worker_id,
        platform=None,
        worker_ref=None,
        course=award.title,
        hours=award.hours,
        completed_on=award.completed_on,
        state=rules.STATES.next("none", "issue"),
    )
    for name in (
        "enrolment_id", "programme_id", "occupation", "occupation_name", "level", "provider", "provider_name", "evaluator",
        "grade", "district", "department",
    ):  # fmt: skip
        setattr(certificate, name, getattr(award, name))
    certificate.used = list(award.used)
    await _take(certificate, award.worker_id, keys, tx)
    if known is None:
        tx.publish(events.issued(certificate))
    return await certificate.put(tx)


async def record_training(training: TrainingCompleted, platform: str, event_id: str, tx: Transaction) -> None:
    """Record a completed training as a certificate; the first word on one worker, course and day counts, whoever said it."""
    ref = training.worker_ref
    if await Certificate.same(platform, ref, training.course, training.completed_on, tx):
        return
    trainee = await Trainee.named(platform, ref, tx)
    await trainee.put(tx)
    worker_id = None if trainee.worker_id is None else await trainees.current(trainee.worker_id, tx)
    person = worker_id or trainee.id
    number = training.certificate_number
    keys = rules.keys(person, [rules.plain(training.course)], [training.completed_on], number)
    known = await _holder(keys, tx)
    if known is not None:
        _add_platform(known, platform, ref, number)
        await _take(known, person, keys, tx)
        await known.put(tx)
        return
    certificate_id = new_id()
    certificate = Certificate(
        id=certificate_id,
        number=number or readable_number("德培证", certificate_id, training.completed_on),
        worker_id=worker_id,
        platform=platform,
        worker_ref=ref,
        course=training.course,
        hours=training.hours,
        completed_on=training.completed_on,
        district=trainee.district,
        state=rules.STATES.next("none", "issue"),
        event_id=event_id,
    )
    await _take(certificate, person, keys, tx)
    await certificate.put(tx)
    if worker_id is not None:
        tx.publish(events.issued(certificate))


async def record_worker(engagement: EngagementFact, tx: Transaction) -> None:
    """Record who a platform's worker is, and issue the certificates that waited for that."""
    if not await trainees.record_engagement(engagement, tx):
        return
    worker_id = await trainees.current(engagement.worker_id, tx)
    for certificate in await Certificate.nameless(engagement.platform, engagement.worker_ref, tx):
        certificate.worker_id, certificate.district = worker_id, engagement.district
        if await _key_anew(certificate, worker_id, tx):
            tx.publish(events.issued(certificate))
        await certificate.put(tx)


async def merge(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's certificates to the record that has taken the other's place; two for one training become one."""
    found = await tx.find(Certificate, {"worker_id": {"$in": [worker_id, merged_worker_id]}}, sort="_id")
    for certificate in found:
        if certificate.worker_id == merged_worker_id or certificate.keyed_for not in (None, worker_id):
            certificate.worker_id = worker_id
            await _key_anew(certificate, worker_id, tx)
            await certificate.put(tx)


async def revoke(
    certificate: Certificate, reason: str, by: str, who: Literal["evaluation_body", "department"], tx: Transaction
) -> Certificate:
    """Revoke a certificate, with the reason. Its keys stay: the same training makes no other."""
    certificate.state = rules.STATES.next(certificate.state, "revoke")
    certificate.revoked_by, certificate.revoked_at = by, clock.now()
    certificate.reason = encrypted_reason(certificate.id, reason)
    tx.publish(events.revoked(certificate, who))
    return await certificate.put(tx)


async def _holder(keys: Iterable[str], tx: Transaction) -> Certificate | None:
    """The certificate that holds one of the keys."""
    wanted = list(keys)
    await tx.load(CertificateKey, wanted)
    for key in wanted:
        taken = await CertificateKey.of(key, tx)
        if taken is not None:
            return await Certificate.of(taken.holder, tx)
    return None


async def _take(certificate: Certificate, person: str, keys: Iterable[str], tx: Transaction) -> str | None:
    """Let a certificate hold these keys too; the id of another that holds one of them already."""
    other: str | None = None
    for key in keys:
        try:
            await CertificateKey.take(key, certificate.id, tx)
            certificate.keys = list(dict.fromkeys([*certificate.keys, key]))
        except AlreadyTaken as taken:
            other = other or taken.holder
    certificate.keyed_for = person
    return other


async def _key_anew(certificate: Certificate, person: str, tx: Transaction) -> bool:
    """Let a certificate's keys be another person's; false where that person had one for the same training, which it joins then."""
    before = certificate.keyed_for or f"{certificate.platform}|{certificate.worker_ref}"
    held, certificate.keys = certificate.keys, []
    for key in held:
        await CertificateKey.give_up(key, certificate.id, tx)
    moved = [key.replace(f"|{before}|", f"|{person}|", 1) for key in held]
    keys = moved or rules.keys(
        person, [rules.plain(certificate.course)], [certificate.completed_on], certificate.number
    )
    other = await _take(certificate, person, keys, tx)
    if other is None or certificate.state != "issued":
        return True
    kept = await Certificate.of(other, tx)
    assert kept is not None
    if kept.state != "issued":
        return True  # what is valid does not go with what was revoked
    await _join(certificate, kept, tx)
    return False


async def _join(joined: Certificate, kept: Certificate, tx: Transaction) -> None:
    joined.state, joined.kept = rules.STATES.next(joined.state, "join"), kept.id
    if joined.platform is not None:
        _add_platform(kept, joined.platform, str(joined.worker_ref), joined.number)
    else:
        _add_number(kept, joined.number)
    for name in (
        "provider",
        "provider_name",
        "evaluator",
        "programme_id",
        "enrolment_id",
        "occupation",
        "level",
        "grade",
    ):
        setattr(kept, name, getattr(kept, name) or getattr(joined, name))
    kept.occupation_name = kept.occupation_name or joined.occupation_name
    for key in joined.keys:
        await CertificateKey.give_up(key, joined.id, tx)
    joined.keys = []
    await kept.put(tx)


def _add_platform(known: Certificate, platform: str, ref: str, number: str | None) -> None:
    if known.platform is None:
        known.platform, known.worker_ref = platform, ref
    if number is not None:
        _add_number(known, number)


def _add_number(known: Certificate, number: str) -> None:
    if number != known.number and number not in known.other_numbers:
        known.other_numbers = [*known.other_numbers, number]
