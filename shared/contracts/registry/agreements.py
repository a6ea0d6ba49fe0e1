"""What the registry tells of contracts and written agreements."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District, Relation

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
