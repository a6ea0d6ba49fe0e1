"""What the registry tells of contracts and written agreements."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from shared.contracts.base import Fact, Id, Money, Topic, event
from shared.contracts.platform import District, Relation
from shared.contracts.platform import PaperTerm as PaperTerm

AGREEMENT = Topic("registry.agreement", partitions=3)

PaperKind = Literal["contract", "written_agreement"]


Post = Literal["temporary", "auxiliary", "substitute"]
"""临时性、辅助性或者替代性岗位 (劳动合同法 art. 66)."""

Fault = Literal[
    "probation_forbidden",
    "probation_alone",
    "probation_too_long",
    "probation_again",
    "probation_pay_low",
    "dispatch_term_short",
    "temporary_post_long",
]
"""What a labour contract may not agree (劳动合同法 art. 19, 20, 58, 66, 70)."""


class TermFault(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing in a labour contract that is against the law. `agreed_until`: the last day of what is agreed (the probation, the
    term, the post), null where it has none.

    `allowed_until`: its last day by law (of a dispatch contract the first that is late enough), after `limit_months`; `pay` and
    `least_pay` are yuan a month; `earlier_agreement_id`: with which probation was agreed before.
    """

    fault: Fault
    agreed_until: date | None
    allowed_until: date | None = None
    limit_months: int | None = None
    pay: Money | None = None
    least_pay: Money | None = None
    earlier_agreement_id: Id | None = None


class AgreementFact(Fact, frozen=True, kw_only=True):
    """The paper that an engagement's footing demands. `due_on`: the last day to sign it, null where the law sets none."""

    engagement_id: Id
    worker_id: Id
    platform: Id
    district: District
    relation: Relation
    kind: PaperKind
    due_on: date | None


@event("cn.deyang.registry.agreement.recorded.v1", topic=AGREEMENT, key="engagement_id")
class AgreementRecorded(AgreementFact, frozen=True, kw_only=True):
    """A paper is on file. `model` is the model text that it was made on and its version, where that is known."""

    agreement_id: Id
    number: str
    signed_on: date
    late: bool
    model: str | None
    model_version: int | None


@event("cn.deyang.registry.agreement.missing.v1", topic=AGREEMENT, key="engagement_id")
class AgreementMissing(AgreementFact, frozen=True, kw_only=True):
    """The deadline is over and no paper of the right kind is on file (德人社发〔2022〕95 号 art. 2; 劳动合同法 art. 10)."""


@event("cn.deyang.registry.agreement.due_near.v1", topic=AGREEMENT, key="engagement_id")
class AgreementDueNear(AgreementFact, frozen=True, kw_only=True):
    """The deadline is near and no paper of the right kind is on file."""


class AgreementTermFact(Fact, frozen=True, kw_only=True):
    """The fixed term of an engagement's contract or written agreement; `ends_on` is its last day.

    `next_is_open`: two fixed terms were agreed in a row, so that the next contract is one without term unless the worker asks for
    a fixed one (劳动合同法 art. 14).
    """

    engagement_id: Id
    worker_id: Id
    platform: Id
    district: District
    relation: Relation
    kind: PaperKind
    agreement_id: Id
    number: str
    ends_on: date
    next_is_open: bool


@event("cn.deyang.registry.agreement.expiring.v1", topic=AGREEMENT, key="engagement_id")
class AgreementExpiring(AgreementTermFact, frozen=True, kw_only=True):
    """The last day is near, and no other paper is on file that takes the place of this one."""


@event("cn.deyang.registry.agreement.expired.v1", topic=AGREEMENT, key="engagement_id")
class AgreementExpired(AgreementTermFact, frozen=True, kw_only=True):
    """The last day is over and the work goes on: on the same terms as before, until either side ends it (法释〔2020〕26号 art. 34)."""


@event("cn.deyang.registry.agreement.terms_examined.v1", topic=AGREEMENT, key="engagement_id")
class AgreementTermsExamined(Fact, frozen=True, kw_only=True):
    """What of a labour contract on file is against the law, as far as the paper says (劳动合同法 art. 19, 20, 58, 66, 70).

    `found`: whether anything is; it is told again, with no `faults`, where facts that came later took all of them back. `employer` is
    who concluded it; `starts_on` its first day, `pay` the agreed pay, yuan a month.
    """

    engagement_id: Id
    worker_id: Id
    platform: Id
    district: District
    relation: Relation
    employer: Id
    agreement_id: Id
    number: str
    signed_on: date
    starts_on: date
    ended_on: date | None
    pay: Money | None
    found: bool
    faults: tuple[TermFault, ...]
