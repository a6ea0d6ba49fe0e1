"""The decision letter over HTTP, for officers and the enterprise that it was served on."""

from __future__ import annotations

from fastapi import APIRouter, Response

from services.complaints.penalties.access import penalty_of
from services.complaints.penalties.body import Concerned
from services.complaints.penalty_decisions.letter_views import rendered
from services.complaints.penalty_filing import evidence_commands
from shared.errors import NotFound
from shared.policy.parameters import parameters
from shared.storage.audit import write_down
from shared.web.files import to_save

router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


@router.get("/penalties/{penalty_id}/decision-letter")
async def read_decision_letter(penalty_id: str, caller: Concerned) -> Response:
    """The decision letter (行政处罚决定书) as it was signed, as a page of HTML to be saved and printed; an enterprise reads it once it
    is served. The reading is written down."""
    penalty = await penalty_of(penalty_id, caller)
    decided = penalty.decided
    if decided is None or (caller.role == "platform" and penalty.served_on is None):
        raise NotFound("该处罚决定书", "the decision letter")
    law = parameters.on(decided.on, place=penalty.district)
    page = rendered(penalty, await evidence_commands.shown(penalty), law)
    await write_down("penalty.decision_letter_read", penalty.id, caller)
    return to_save(page.encode(), "text/html; charset=utf-8", f"行政处罚决定书{penalty.number}.html")
