"""Deferrals as callers see them. Money is yuan, a decimal string."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel

from services.insurance.deferrals.documents import Deferral, Proposal
from services.insurance.deferrals.rules import GROUNDS, Ground, Outcome, Security, State
from shared.policy.parameters import Used
from shared.storage.fields import Yuan


class DeferralGuaranteeView(BaseModel):
    """What secures the payment."""

    kind: Security
    value: Yuan
    text: str


class DeferralProposalView(BaseModel):
    """What an officer proposes, or has with another decided."""

    outcome: Outcome
    last: dt.date | None
    reason: str


class DeferralView(BaseModel):
    """Dues that an employer asks to pay later. From `first` to `last` no late fee grows; what is not paid by then is owed as any dues
    that are missed. `longest`: until when the rule allows a term, null where none is known and officers set it; `used`: what that
    rests on. `proposal` is shown to officers alone.
    """

    deferral_id: str
    unit: str
    ground: Ground
    ground_text: str
    months: list[str]
    why: str
    guarantee: DeferralGuaranteeView | None
    asked_on: dt.date
    state: State
    proposal: DeferralProposalView | None
    decided: DeferralProposalView | None
    first: dt.date | None
    last: dt.date | None
    longest: dt.date | None
    ended_on: dt.date | None
    used: list[Used]

    @classmethod
    def of(cls, one: Deferral, *, officer: bool) -> Self:
        held = one.state not in ("asked", "proposed", "refused", "withdrawn")
        return cls(
            deferral_id=one.id,
            unit=one.unit,
            ground=one.ground,
            ground_text=GROUNDS[one.ground],
            months=one.months,
            why=one.clear(one.why),
            guarantee=one.guarantee
            and DeferralGuaranteeView(
                kind=one.guarantee.kind, value=one.guarantee.value, text=one.clear(one.guarantee.text)
            ),
            asked_on=one.asked_on,
            state=one.state,
            proposal=_proposal(one, one.proposal) if officer else None,
            decided=_proposal(one, one.decided),
            first=one.first if held else None,
            last=one.last if held else None,
            longest=one.longest,
            ended_on=one.ended_on,
            used=one.used,
        )


def _proposal(one: Deferral, proposal: Proposal | None) -> DeferralProposalView | None:
    if proposal is None:
        return None
    return DeferralProposalView(outcome=proposal.outcome, last=proposal.last, reason=one.clear(proposal.reason))
