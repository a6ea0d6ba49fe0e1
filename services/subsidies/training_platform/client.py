"""Everything that is told to the training platform and asked of it. All raise `Unanswered` where no answer comes; work that lets it
through is tried again with growing delay."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from urllib.parse import quote

import msgspec

from services.subsidies.programmes.documents import Programme
from services.subsidies.training_platform.connection import LINE
from shared.signed_line import Unanswered, read

__all__ = ["Learner", "Unanswered", "list_attendance", "tell_course"]


class Learner(msgspec.Struct, frozen=True):
    """Who takes part: the enrolment's id and number, by which the person signs in together with the name."""

    enrolment_id: str
    number: str
    name: str | None


class _Receipt(msgspec.Struct, frozen=True):
    receipt_number: str


class _Page(msgspec.Struct, frozen=True):
    """Each item is read by itself, so that one bad item does not hold up the rest."""

    items: list[dict[str, object]]
    next: str | None


async def tell_course(programme: Programme, learners: Sequence[Learner], as_of: dt.datetime) -> str:
    """Tell a course as it stands, with everybody who takes part; of two words the one of the later `as_of` holds. The number of
    the receipt; raises `Unanswered`."""
    body = {
        "as_of": as_of,
        "number": programme.number,
        "title": programme.title,
        "occupation": programme.occupation,
        "level": programme.level,
        "hours": programme.hours,
        "mode": programme.mode,
        "starts_on": programme.starts_on,
        "ends_on": programme.ends_on,
        "cancelled": programme.state == "cancelled",
        "sessions": [one.model_dump() for one in programme.sessions],
        "learners": learners,
    }
    answer = await LINE.post(f"/v1/courses/{quote(programme.id, safe='')}", body)
    return read(answer, _Receipt).receipt_number


async def list_attendance(since: dt.datetime) -> AsyncIterator[list[dict[str, object]]]:
    """Who was at which online session, recorded from `since` on, in pages; raises `Unanswered`."""
    cursor: str | None = "0"
    while cursor is not None:
        query = {"since": since.isoformat(), "cursor": cursor}
        page = read(await LINE.get("/v1/attendance", query), _Page)
        yield page.items
        cursor = page.next
