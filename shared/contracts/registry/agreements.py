"""What the registry tells of contracts and written agreements."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District, Relation
from shared.contracts.platform import PaperTerm as PaperTerm

AGREEMENT = Topic("registry.agreement", partitions=3)

PaperKind = Literal["contract", "written_agreement"]


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
