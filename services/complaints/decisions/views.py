"""Decisions as HTTP shows them: to officers, to who reported, and to the enterprise."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from services.complaints.decisions.documents import GROUNDS, LETTER, NOTE, Decision, clear
from services.complaints.decisions.rules import Side, State
from services.complaints.terms.remedies import remedies
from shared.contracts.complaints import CaseOutcome
from shared.policy.parameters import Used, parameters


class ProposalView(BaseModel):
    """A decision as officers see it."""

    decision_id: str
    outcome: CaseOutcome
    penalty_id: str | None
    state: State
    grounds: str | None
    letter: str | None
    note: str | None
    proposed_by: str
    decided_by: str | None
    decided_on: dt.date | None
    served: dict[Side, dt.date]
    used: list[Used]


class ServedView(ProposalView):
    """The same once it was served. `code`: what a reporter who has no token reads it by, shown this once."""

    code: str | None


class CaseDecisionView(BaseModel):
    """What a side gets of a decision: how the matter ends, why, and, once it is served, until when that side may contest it."""

    outcome: CaseOutcome
    decided_on: dt.date
    text: str | None
    review_by: dt.date | None
    sue_by: dt.date | None
    used: list[Used]


def proposal_view(decision: Decision) -> ProposalView:
    kept = {*ProposalView.model_fields} - {"decision_id", "grounds", "letter", "note"}
    return ProposalView(
        **decision.model_dump(include=kept),
        decision_id=decision.id,
        grounds=clear(GROUNDS, decision.id, decision.grounds),
        letter=clear(LETTER, decision.id, decision.letter),
        note=clear(NOTE, decision.id, decision.note),
    )


def decision_view(decision: Decision, side: Side) -> CaseDecisionView:
    assert decision.decided_on is not None
    place, token = (GROUNDS, decision.grounds) if side == "reporter" else (LETTER, decision.letter)
    served_on = decision.served.get(side)
    law = parameters.on(served_on or decision.decided_on)
    found = None if served_on is None else remedies(served_on, law)
    return CaseDecisionView(
        outcome=decision.outcome,
        decided_on=decision.decided_on,
        text=clear(place, decision.id, token),
        review_by=None if found is None else found.review_by,
        sue_by=None if found is None else found.sue_by,
        used=list(dict.fromkeys([*decision.used, *law.used])),
    )
