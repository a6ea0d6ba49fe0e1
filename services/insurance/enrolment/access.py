"""Who may see an enrolment: officers by district, the platform, and whoever insures the person, be it an employer."""

from __future__ import annotations

from services.insurance.enrolment.documents import Enrolment
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.transaction import Transaction

WHOSE = {"platform": "seen_by", "district": "district"}
"""The fields that say whose an enrolment is."""


async def enrolment_of(enrolment_id: str, caller: Caller, tx: Transaction | None = None) -> Enrolment:
    """An enrolment that the caller may see; raises a 404 problem."""
    enrolment = await Enrolment.of(enrolment_id, tx)
    if enrolment is not None and (
        caller.reaches(enrolment.district) or (caller.role == "platform" and caller.uscc in enrolment.seen_by)
    ):
        return enrolment
    raise NotFound("该参保记录", "the enrolment")
