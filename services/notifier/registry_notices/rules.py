"""Messages from the events of the registry."""

from __future__ import annotations

from services.notifier.templates.rules import Maker, Message, Reader, Standing, day, short, to_enterprise, to_worker
from shared.contracts.registry import (
    AgreementDueNear,
    AgreementMissing,
    CooperationUnlicensed,
    EngagementActivated,
    EngagementBlocked,
    EngagementEnded,
    FootingDecided,
    LicenceLapsed,
    MembershipProposed,
    RestrictionApplied,
    SafetyTrainingExpiring,
)

AGREEMENTS = {"contract": "劳动合同", "written_agreement": "书面协议"}


def blocked(fact: EngagementBlocked) -> list[Message]:
    return _of_engagement(fact, "engagement_blocked")


def activated(fact: EngagementActivated) -> list[Message]:
    return _of_engagement(fact, "engagement_activated") if fact.was_blocked else []


def _of_engagement(fact: EngagementBlocked | EngagementActivated, template: str) -> list[Message]:
    ref = {"worker_ref": short(fact.worker_ref)}
    return [
        Message(f"{template}_worker", "worker", fact.worker_id, platform=fact.platform, district=fact.district),
        Message(f"{template}_platform", "platform", fact.platform, district=fact.district, params=ref),
    ]


def gate(fact: EngagementBlocked | EngagementActivated | EngagementEnded) -> Standing | None:
    """How the safety gate of an engagement stands: a training may have been on its way when the engagement was blocked."""
    if isinstance(fact, EngagementActivated) and not fact.was_blocked:
        return None
    says = {EngagementBlocked: "blocked", EngagementActivated: "open", EngagementEnded: "ended"}[type(fact)]
    return Standing(f"gate|{fact.engagement_id}", says, untold="open")


def footing_decided(fact: FootingDecided) -> list[Message]:
    if fact.outcome == "withdrawn":
        return []
    return [
        to_worker("footing_decided_worker", fact.worker_id, fact.platform),
        to_enterprise("footing_decided_platform", fact.platform, fact.engagement_id),
    ]


def agreement_due_near(fact: AgreementDueNear) -> list[Message]:
    return [_of_agreement(fact, "agreement_due_near_platform")]


def agreement_missing(fact: AgreementMissing) -> list[Message]:
    return [_of_agreement(fact, "agreement_missing_platform")]


def _of_agreement(fact: AgreementDueNear | AgreementMissing, template: str) -> Message:
    return to_enterprise(
        template, fact.platform, fact.engagement_id, paper=AGREEMENTS[fact.kind], due_on=day(fact.due_on)
    )


def safety_expiring(fact: SafetyTrainingExpiring) -> list[Message]:
    valid_to, ref = day(fact.valid_to), short(fact.worker_ref)
    return [
        to_worker("safety_expiring_worker", fact.worker_id, fact.platform, valid_to=valid_to),
        to_enterprise("safety_expiring_platform", fact.platform, worker_ref=ref, valid_to=valid_to),
    ]


def licence_lapsed(fact: LicenceLapsed) -> list[Message]:
    return [to_enterprise("licence_lapsed_enterprise", fact.uscc, number=short(fact.number))]


def cooperation_unlicensed(fact: CooperationUnlicensed) -> list[Message]:
    since = day(fact.since)
    return [to_enterprise("cooperation_unlicensed_platform", fact.platform, partner=fact.partner, since=since)]


def restriction_applied(fact: RestrictionApplied) -> list[Message]:
    return [to_enterprise("restriction_applied_enterprise", fact.uscc, since=day(fact.since))]


def membership_proposed(fact: MembershipProposed) -> list[Message]:
    return [to_worker("membership_proposed_worker", fact.worker_id, union=short(fact.union), since=day(fact.since))]


MAKERS: dict[type, Maker] = {
    MembershipProposed: membership_proposed,
    EngagementBlocked: blocked,
    EngagementActivated: activated,
    FootingDecided: footing_decided,
    AgreementDueNear: agreement_due_near,
    AgreementMissing: agreement_missing,
    SafetyTrainingExpiring: safety_expiring,
    LicenceLapsed: licence_lapsed,
    CooperationUnlicensed: cooperation_unlicensed,
    RestrictionApplied: restriction_applied,
}

READERS: dict[type, Reader] = {EngagementBlocked: gate, EngagementActivated: gate, EngagementEnded: gate}
