"""Enrolments and their ends, and what a test does to them behind the city's back."""

import itertools
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.sandbox.memory import Memory
from deploy.sandbox.provincial.desk import Desk, Entry, Refused, handled, new_answer, page, parse

REFUSAL = "参保信息核验未通过"


class Enrolment(BaseModel):
    """A request to insure one person with one platform as the unit."""

    model_config = ConfigDict(frozen=True)

    request_number: str = Field(min_length=1, max_length=100)
    scheme: Literal["work_injury", "occupational_injury"]
    id_number: str = Field(min_length=15, max_length=18)
    name: str = Field(min_length=1)
    uscc: str = Field(min_length=18, max_length=18)
    district: str = Field(pattern=r"^\d{6}$")
    starts_on: date


class End(BaseModel):
    """The last day of an enrolment, whose request number is in the path; null takes an end back."""

    model_config = ConfigDict(frozen=True)

    ends_on: date | None


class Change(BaseModel):
    """What a test changes in an enrolment."""

    id_number: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass
class Kept:
    """An enrolment as the province has it."""

    serial: int
    enrolment: Enrolment
    answer: dict[str, str | None]
    ends_on: date | None = None
    end_receipt: str | None = None

    def shown(self) -> dict[str, Any]:
        facts = self.enrolment.model_dump(mode="json", exclude={"name"})
        ends_on = self.ends_on.isoformat() if self.ends_on else None
        return facts | self.answer | {"ends_on": ends_on, "end_receipt": self.end_receipt}


class Book:
    """Every enrolment by its request number, and the handlers over them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.kept = Memory[Kept]()
        self._serial = itertools.count(1)

    def put(self, enrolment: Enrolment, answer: dict[str, str | None], ends_on: date | None = None) -> None:
        self.kept.put(enrolment.request_number, Kept(next(self._serial), enrolment, answer, ends_on))

    def of(self, request: Request) -> Kept:
        number = request.path_params["number"]
        kept = self.kept.get(number)
        if kept is None:
            raise Refused(404, f"{number} is not known")
        return kept

    async def enrol(self, request: Request) -> Response:
        enrolment = await self.desk.take(request, Enrolment)
        number = enrolment.request_number
        answer = self.desk.answer(number, number, hash(enrolment), REFUSAL)
        if self.kept.get(number) is None:
            self.put(enrolment, answer)
        return JSONResponse(answer)

    async def end(self, request: Request) -> Response:
        ending = await self.desk.take(request, End)
        kept = self.of(request)
        number = kept.enrolment.request_number
        key = f"{number}/end"
        earlier = self.desk.answered.get(key)
        if earlier is not None and earlier.digest != hash(ending):
            self.desk.answered.entries.pop(key)  # a later word on the end takes the place of the earlier one
        answer = self.desk.answer(key, number, hash(ending), REFUSAL)
        if answer["status"] == "accepted":
            kept.ends_on, kept.end_receipt = ending.ends_on, answer["receipt_number"]
        return JSONResponse(answer)

    async def show(self, request: Request) -> Response:
        kept = self.of(request)
        return JSONResponse(kept.answer | {"ended": kept.ends_on is not None})

    async def list(self, request: Request) -> Response:
        self.desk.check(request)
        return page([(kept.serial, kept.shown()) for kept in self.kept.entries.values()], request)

    async def add(self, request: Request) -> Response:
        enrolment = parse(await request.body(), Enrolment)
        answer = new_answer(enrolment.request_number, "accepted")
        self.desk.answered.put(enrolment.request_number, Entry(hash(enrolment), answer))
        self.put(enrolment, answer)
        return JSONResponse(answer)

    async def change(self, request: Request) -> Response:
        kept, change = self.of(request), parse(await request.body(), Change)
        told = change.model_dump(exclude_unset=True)
        if "ends_on" in told:
            kept.ends_on = told.pop("ends_on")
            self.desk.answered.entries.pop(f"{kept.enrolment.request_number}/end", None)
        kept.enrolment = kept.enrolment.model_copy(update=told)
        return JSONResponse(kept.shown())

    async def forget(self, request: Request) -> Response:
        number = self.of(request).enrolment.request_number
        self.kept.entries.pop(number)
        for key in (number, f"{number}/end"):
            self.desk.answered.entries.pop(key, None)
        return Response(status_code=204)


def routes(desk: Desk) -> list[Route]:
    """The routes of this desk."""
    book = Book(desk)
    return [
        Route("/v1/enrolments", handled(book.enrol), methods=["POST"]),
        Route("/v1/enrolments", handled(book.list)),
        Route("/v1/enrolments/{number}/end", handled(book.end), methods=["POST"]),
        Route("/v1/enrolments/{number}", handled(book.show)),
        Route("/sandbox/enrolments", handled(book.add), methods=["POST"]),
        Route("/sandbox/enrolments/{number}", handled(book.change), methods=["PATCH"]),
        Route("/sandbox/enrolments/{number}", handled(book.forget), methods=["DELETE"]),
    ]
