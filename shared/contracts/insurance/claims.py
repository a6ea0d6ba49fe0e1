"""What insurance tells of claims. Nothing of the injury travels in events."""

from __future__ import annotations

from datetime import date
from typing import Literal, NotRequired, TypedDict

from shared.contracts.base import Fact, Id, Instant, Sealed, Topic, event
from shared.contracts.insurance.enrolment import Scheme
from shared.contracts.platform import District

CLAIM = Topic("insurance.claim")

CoverCheck = Literal["covered", "not_covered", "other_scheme", "pending"]

Reporter = Literal["platform", "worker", "kin", "union"]

ClaimStep = Literal["apply", "supplement", "review", "decide", "serve", "assess", "appeal"]

Applicant = Literal["unit", "worker"]
"""The employer or platform, whose term comes first (工伤保险条例 art. 17), or the worker with kin and union."""

Side = Literal["worker", "platform", "partner"]
"""A side of a claim: the worker or next of kin, the platform, or the partner firm or dispatch agency that the worker works through."""

Letter = Literal["decision", "assessment", "review"]
"""A decision or refusal, the conclusion of an assessment, or the decision of a review that was asked for."""

ServiceWay = Literal["direct", "left", "mail", "electronic", "entrusted", "announcement"]
"""How a letter is served: 直接、留置、邮寄、电子、委托、公告。"""


@event("cn.deyang.insurance.kin.recorded.v1", topic=CLAIM, key="claim_id")
class KinRecorded(Fact, frozen=True, kw_only=True):
    """Where next of kin are reached who act for a worker or are paid in a dead one's place; the latest one holds.

    Other events name them by `kin_id` alone. `for_notifier_kin` seals {name, phone} for the notifier, with a ring that nobody but
    insurance and the notifier holds.
    """

    kin_id: Id
    claim_id: Id
    worker_id: Id | None
    for_notifier_kin: Sealed


@event("cn.deyang.insurance.claim.filed.v1", topic=CLAIM, key="claim_id")
class ClaimFiled(Fact, frozen=True, kw_only=True):
    """An accident was reported. Nothing of the injury travels in events. `district` is where it happened; 510600 in events older
    than the field. `kin`, `to_kin`, `filing_union`, `unit`, `partner`: as in `ClaimFact`."""

    claim_id: Id
    platform: Id
    worker_ref: Id
    worker_id: Id | None
    incident_id: Id
    occurred_at: Instant
    cover: CoverCheck
    reported_by: Reporter = "platform"
    district: District = "510600"
    kin: tuple[Id, ...] = ()
    to_kin: bool = False
    filing_union: Id | None = None
    unit: Id | None = None
    partner: Id | None = None


@event("cn.deyang.insurance.claim.checked.v1", topic=CLAIM, key="claim_id")
class ClaimChecked(Fact, frozen=True, kw_only=True):
    """Whether the cover holds for the accident, after facts that came later than the report. `unit`: as in `ClaimFact`."""

    claim_id: Id
    platform: Id
    worker_ref: Id
    worker_id: Id | None
    cover: CoverCheck
    unit: Id | None = None


class ClaimFact(Fact, frozen=True, kw_only=True):
    """A claim on its way (工伤保险条例 ch. 3; 新就业形态人员职业伤害保障办法（试行）).

    `kin`: the ids of the next of kin who act for the worker and can be told. `to_kin`: they alone are told, since the worker has
    died. `filing_union`: the subject of whoever reported it for a trade union; null where no union did. `unit`: who insures the
    courier outlet through which the person works, and stands as the employer (人社厅发〔2021〕101 号); null in every other case.
    `partner`: the partner firm or dispatch agency through which the worker works; null where there is none, or nobody knows.
    """

    claim_id: Id
    number: str
    platform: Id
    worker_ref: Id
    worker_id: Id | None
    kin: tuple[Id, ...] = ()
    to_kin: bool = False
    filing_union: Id | None = None
    unit: Id | None = None
    partner: Id | None = None


class ClaimFields(TypedDict):
    """The fields of `ClaimFact`, for whoever makes its events."""

    claim_id: Id
    number: str
    platform: Id
    worker_ref: Id
    worker_id: Id | None
    kin: tuple[Id, ...]
    to_kin: bool
    filing_union: Id | None
    unit: NotRequired[Id | None]
    partner: Id | None


@event("cn.deyang.insurance.claim.scheme_corrected.v1", topic=CLAIM, key="claim_id")
class ClaimSchemeCorrected(ClaimFact, frozen=True, kw_only=True):
    """An officer found that another insurance covers the accident, before it was decided. `unit_apply_by` and `self_apply_by`: the
    last days to apply under it; `due_on` that of the step of the authority under way, null where there is none."""

    scheme: Scheme
    former_scheme: Scheme
    unit_apply_by: date | None
    self_apply_by: date | None
    due_on: date | None


@event("cn.deyang.insurance.claim.applied.v1", topic=CLAIM, key="claim_id")
class ClaimApplied(ClaimFact, frozen=True, kw_only=True):
    """Benefits are applied for. `review_by`: until when the papers are looked through."""

    applicant: Reporter
    late: bool
    review_by: date | None


@event("cn.deyang.insurance.claim.supplement_asked.v1", topic=CLAIM, key="claim_id")
class ClaimSupplementAsked(ClaimFact, frozen=True, kw_only=True):
    """Papers are missing, all told at once (工伤保险条例 art. 18). The clock stands still until they come."""

    papers: tuple[str, ...]


@event("cn.deyang.insurance.claim.accepted.v1", topic=CLAIM, key="claim_id")
class ClaimAccepted(ClaimFact, frozen=True, kw_only=True):
    """The application is taken up. `decide_by`: until when it is decided."""

    decide_by: date | None


@event("cn.deyang.insurance.claim.refused.v1", topic=CLAIM, key="claim_id")
class ClaimRefused(ClaimFact, frozen=True, kw_only=True):
    """The application is not taken up. `remedies`: codes of what the worker can do instead; `instead` says the same."""

    reasons: tuple[str, ...]
    instead: tuple[str, ...]
    remedies: tuple[str, ...] = ()


@event("cn.deyang.insurance.claim.suspended.v1", topic=CLAIM, key="claim_id")
class ClaimSuspended(ClaimFact, frozen=True, kw_only=True):
    """The decision waits for a court or another authority (工伤保险条例 art. 20); the clock stands still."""


@event("cn.deyang.insurance.claim.resumed.v1", topic=CLAIM, key="claim_id")
class ClaimResumed(ClaimFact, frozen=True, kw_only=True):
    """The clock runs again."""

    decide_by: date | None


@event("cn.deyang.insurance.claim.decided.v1", topic=CLAIM, key="claim_id")
class ClaimDecided(ClaimFact, frozen=True, kw_only=True):
    """The accident is recognised or not. `reasons` are codes. `appeal_by`: null, since terms run from service (`letter_served`);
    in older events until when review may be asked for."""

    recognised: bool
    reasons: tuple[str, ...]
    appeal_by: date | None


@event("cn.deyang.insurance.claim.assessed.v1", topic=CLAIM, key="claim_id")
class ClaimAssessed(ClaimFact, frozen=True, kw_only=True):
    """The capacity for work was assessed (劳动能力鉴定). Its result does not travel. `again_by`: null, since terms run from service
    (`letter_served`); in older events until when another is asked for."""

    again_by: date | None


@event("cn.deyang.insurance.claim.letter_served.v1", topic=CLAIM, key="claim_id")
class ClaimLetterServed(ClaimFact, frozen=True, kw_only=True):
    """A letter was served on a party, or counts as served from `served_on` on (公告). The party's terms: until when it asks for
    review, sues, or asks for another assessment (行政复议法 art. 20; 行政诉讼法 art. 45, 46; 工伤保险条例 art. 26)."""

    letter: Letter
    party: Side
    way: ServiceWay
    served_on: date
    review_by: date | None
    court_by: date | None
    again_by: date | None


@event("cn.deyang.insurance.claim.extension_asked.v1", topic=CLAIM, key="claim_id")
class ClaimExtensionAsked(ClaimFact, frozen=True, kw_only=True):
    """The employer asks for more time to apply, before its term is over (工伤保险条例 art. 17(1)). `apply_by`: its last day so far."""

    apply_by: date


@event("cn.deyang.insurance.claim.extension_decided.v1", topic=CLAIM, key="claim_id")
class ClaimExtensionDecided(ClaimFact, frozen=True, kw_only=True):
    """More time to apply was granted to the employer or not. `apply_by`: its last day now."""

    granted: bool
    apply_by: date


@event("cn.deyang.insurance.claim.appealed.v1", topic=CLAIM, key="claim_id")
class ClaimAppealed(ClaimFact, frozen=True, kw_only=True):
    """A decision is appealed against."""

    way: Literal["review", "court"]


@event("cn.deyang.insurance.claim.appeal_decided.v1", topic=CLAIM, key="claim_id")
class ClaimAppealDecided(ClaimFact, frozen=True, kw_only=True):
    """An appeal has come to its end; one that is revoked is decided anew."""

    outcome: Literal["upheld", "revoked", "withdrawn"]


@event("cn.deyang.insurance.claim.closed.v1", topic=CLAIM, key="claim_id")
class ClaimClosed(ClaimFact, frozen=True, kw_only=True):
    """Nothing more is to be done on the claim."""

    reason: Literal["done", "withdrawn", "duplicate", "not_recognised", "lapsed"]


@event("cn.deyang.insurance.claim.duplicate_found.v1", topic=CLAIM, key="claim_id")
class ClaimDuplicateFound(ClaimFact, frozen=True, kw_only=True):
    """Another claim seems to be about the same accident."""

    other_claim_id: Id


@event("cn.deyang.insurance.claim.deadline_near.v1", topic=CLAIM, key="claim_id")
class ClaimDeadlineNear(ClaimFact, frozen=True, kw_only=True):
    """A step is due soon. `whose`: whose term to apply or to appeal it is; null for other steps. `serve`: the decision is to be served
    on every party (工伤认定办法 art. 22). `district`: where the accident happened; 510600 in events older than the field."""

    step: ClaimStep
    due_on: date
    whose: Applicant | None = None
    district: District = "510600"


@event("cn.deyang.insurance.claim.deadline_missed.v1", topic=CLAIM, key="claim_id")
class ClaimDeadlineMissed(ClaimFact, frozen=True, kw_only=True):
    """A step was not done in time. `whose`: whose term to apply or to appeal it was; null for other steps. `serve` and `district`: as
    in `deadline_near`."""

    step: ClaimStep
    due_on: date
    whose: Applicant | None = None
    district: District = "510600"
