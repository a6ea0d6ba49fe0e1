"""Who bears the costs of an injury, as officers see it."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from services.insurance.liability.commands import Facts
from services.insurance.liability.documents import GROUND
from services.insurance.liability.rules import Reason, State
from shared.storage.encryption import decrypt_field


class LiabilityView(BaseModel):
    """Whether the injury was insured: as the records say (`found`, `reason`), and with what a person decided (`state`, `ground`).
    `made_up_on`: from the day after, new costs are the fund's (工伤保险条例 art. 62(3)). `late_from`, `late_until`: the days whose
    costs are the employer's since it did not apply in time (art. 17(4)); `late_until` is null while nothing was accepted."""

    claim_id: str
    state: State
    found: State
    reason: Reason
    made_up_on: dt.date | None
    ground: str | None
    decided_by: str | None
    late_from: dt.date | None
    late_until: dt.date | None


def liability_view(claim_id: str, facts: Facts) -> LiabilityView:
    decided, late = facts.decided, facts.standing.late
    return LiabilityView(
        claim_id=claim_id,
        state=facts.standing.state,
        found=facts.found.state,
        reason=facts.found.reason,
        made_up_on=facts.standing.made_up_on,
        ground=decrypt_field(GROUND, claim_id, decided.ground) if decided else None,
        decided_by=decided.by if decided else None,
        late_from=late.first if late else None,
        late_until=late.last if late else None,
    )
