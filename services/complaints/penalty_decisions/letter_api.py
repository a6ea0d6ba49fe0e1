"""The papers of a penalty over HTTP, for officers and the enterprise that they were served on: advance notice, decision letter and
reminder, and for officers the application to a court."""

from __future__ import annotations

from fastapi import APIRouter, Response

from services.complaints.penalties.access import penalty_of
from services.complaints.penalties.body import Concerned, Punisher
from services.complaints.penalties.documents import Penalty
from services.complaints.penalty_decisions import claim_views, decision_views, notice_views
from services.complaints.penalty_filing import evidence_commands
from shared.errors import NotFound
from shared.policy.parameters import parameters
from shared.storage.audit import write_down
from shared.web.files import to_save

router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


@router.get("/penalties/{penalty_id}/notice-letter")
async def read_notice_letter(penalty_id: str, caller: Concerned) -> Response:
    """The advance notice (行政处罚事先告知书, with the right to a hearing where one is due) as it was served, as a page of HTML to be
    saved and printed. The reading is written down."""
    penalty = await penalty_of(penalty_id, caller)
    notice = penalty.notice
    if notice is None:
        raise NotFound("该告知书", "the advance notice")
    law = parameters.on(notice.given_on, place=penalty.district)
    page = notice_views.rendered(penalty, notice, await evidence_commands.shown(penalty), law)
    await write_down("penalty.notice_letter_read", penalty.id, caller)
    return _as_file(page, notice_views.title(notice), penalty)


@router.get("/penalties/{penalty_id}/decision-letter")
async def read_decision_letter(penalty_id: str, caller: Concerned) -> Response:
    """The decision letter (行政处罚决定书) as it was signed, as a page of HTML to be saved and printed; an enterprise reads it once it
    is served. The reading is written down."""
    penalty = await penalty_of(penalty_id, caller)
    decided = penalty.decided
    if decided is None or (caller.role == "platform" and penalty.served_on is None):
        raise NotFound("该处罚决定书", "the decision letter")
    law = parameters.on(decided.on, place=penalty.district)
    page = decision_views.rendered(penalty, await evidence_commands.shown(penalty), law)
    await write_down("penalty.decision_letter_read", penalty.id, caller)
    return _as_file(page, decision_views.TITLE, penalty)


@router.get("/penalties/{penalty_id}/reminder-letter")
async def read_reminder_letter(penalty_id: str, caller: Concerned) -> Response:
    """The reminder (履行催告书; 行政强制法 art. 35, 54) as it was given, with each sum by itself and how what was added is reckoned,
    as a page of HTML to be saved and printed. The reading is written down."""
    penalty = await penalty_of(penalty_id, caller)
    page = claim_views.reminder(penalty)
    await write_down("penalty.reminder_letter_read", penalty.id, caller)
    return _as_file(page, claim_views.REMINDER, penalty)


@router.get("/penalties/{penalty_id}/court-application-letter")
async def read_court_application_letter(penalty_id: str, caller: Punisher) -> Response:
    """The application to a court for compulsory execution (强制执行申请书; 行政强制法 art. 55) as it was made, as a page of HTML to be
    saved, signed and sealed. The reading is written down."""
    penalty = await penalty_of(penalty_id, caller)
    page = claim_views.application(penalty)
    await write_down("penalty.court_application_letter_read", penalty.id, caller)
    return _as_file(page, claim_views.APPLICATION, penalty)


def _as_file(page: str, title: str, penalty: Penalty) -> Response:
    return to_save(page.encode(), "text/html; charset=utf-8", f"{title}{penalty.number}.html")
