"""The training platform's Deyang branch: it is told of courses with their rosters, and says who was at its sessions."""

import itertools
import uuid
from datetime import UTC, date, datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.sandbox.memory import Memory
from deploy.sandbox.provincial.desk import Desk, Refused, handled, page, parse


class Session(BaseModel):
    """A session of a course."""

    code: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    hours: int


class Learner(BaseModel):
    """Who takes part."""

    enrolment_id: str = Field(min_length=1)
    number: str
    name: str | None


class Course(BaseModel):
    """A course as it stood at an instant."""

    as_of: AwareDatetime
    number: str
    title: str
    occupation: str
    level: str
    hours: int
    mode: str
    starts_on: date
    ends_on: date
    cancelled: bool
    sessions: list[Session]
    learners: list[Learner]


class Records(BaseModel):
    """What a test adds, good or bad; the sandbox says when it was recorded."""

    items: list[dict[str, Any]]


def routes(desk: Desk) -> list[Route]:
    """The routes of this desk."""
    courses = Memory[Course]()
    records: list[tuple[int, dict[str, Any]]] = []
    serial = itertools.count(1)

    async def tell(request: Request) -> Response:
        told, course_id = await desk.take(request, Course), request.path_params["course"]
        known = courses.get(course_id)
        if known is None or known.as_of < told.as_of:
            courses.put(course_id, told)
        desk.sandbox.counts["courses"] += 1
        return JSONResponse({"receipt_number": uuid.uuid4().hex})

    async def show(request: Request) -> Response:
        known = courses.get(request.path_params["course"])
        if known is None:
            raise Refused(404, "no such course")
        return JSONResponse(known.model_dump(mode="json"))

    async def list_attendance(request: Request) -> Response:
        desk.check(request)
        since = datetime.fromisoformat(request.query_params["since"])
        found = [pair for pair in records if datetime.fromisoformat(pair[1]["recorded_at"]) >= since]
        if desk.sandbox.take("answer_twice"):
            return page([(place, item) for place, (_, item) in enumerate([*found, *found], 1)], request)
        return page(found, request)

    async def add(request: Request) -> Response:
        told = parse(await request.body(), Records).items
        records.extend((next(serial), {"recorded_at": datetime.now(UTC).isoformat()} | item) for item in told)
        return JSONResponse({"items": len(told)})

    return [
        Route("/training/v1/courses/{course}", handled(tell), methods=["POST"]),
        Route("/training/v1/attendance", handled(list_attendance)),
        Route("/sandbox/courses/{course}", handled(show)),
        Route("/sandbox/attendance", handled(add), methods=["POST"]),
    ]
