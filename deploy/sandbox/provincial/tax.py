"""The tax office, which levies social insurance: it is told what a payer owes for a month, and says what of it has been paid."""

import itertools
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.sandbox.memory import Memory
from deploy.sandbox.provincial.desk import Desk, Refused, handled, page, parse

REFUSAL = "申报数据核验未通过"


class Statement(BaseModel):
    """What a payer owes for a month, in yuan, by what it is for. It takes the place of those that it `replaces`."""

    model_config = ConfigDict(frozen=True)

    request_number: str = Field(min_length=1, max_length=200)
    replaces: list[str]
    kind: Literal["premium", "contributions"]
    payer: str = Field(min_length=18, max_length=18)
    month: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    amounts: dict[str, str]
    amount: str = Field(pattern=r"^\d{1,12}\.\d{2}$")
    due_on: date


class Change(BaseModel):
    """What a test changes in a statement."""

    amount: str | None = None
    paid: str | None = None


@dataclass
class Kept:
    """A statement as the tax office has it."""

    serial: int
    statement: Statement
    answer: dict[str, str | None]
    amount: str
    paid: str = "0.00"
    replaced: bool = False

    def shown(self) -> dict[str, Any]:
        facts = self.statement.model_dump(mode="json", include={"kind", "payer", "month"})
        return facts | self.answer | {"amount": self.amount, "paid": self.paid, "replaced": self.replaced}


def routes(desk: Desk) -> list[Route]:
    """The routes of this desk."""
    book = Memory[Kept]()
    serial = itertools.count(1)

    def of(request: Request) -> Kept:
        kept = book.get(request.path_params["number"])
        if kept is None:
            raise Refused(404, "no such statement")
        return kept

    async def take(request: Request) -> Response:
        statement = await desk.take(request, Statement)
        number = statement.request_number
        digest = hash(statement.model_dump_json())
        answer = desk.answer(f"tax|{number}", number, digest, REFUSAL)
        if book.get(number) is None:
            book.put(number, Kept(next(serial), statement, answer, statement.amount))
            for earlier in (book.get(one) for one in statement.replaces):
                if earlier is not None and answer["status"] == "accepted":
                    earlier.replaced = True
        return JSONResponse(answer)

    async def show(request: Request) -> Response:
        desk.check(request)
        return JSONResponse(of(request).answer)

    async def list_statements(request: Request) -> Response:
        desk.check(request)
        return page([(kept.serial, kept.shown()) for kept in book.entries.values()], request)

    async def change(request: Request) -> Response:
        kept, told = of(request), parse(await request.body(), Change)
        kept.amount, kept.paid = told.amount or kept.amount, told.paid or kept.paid
        return JSONResponse(kept.shown())

    async def forget(request: Request) -> Response:
        number = of(request).statement.request_number
        book.entries.pop(number)
        desk.answered.entries.pop(f"tax|{number}", None)
        return Response(status_code=204)

    async def add(request: Request) -> Response:
        statement = parse(await request.body(), Statement)
        answer = {
            "request_number": statement.request_number,
            "receipt_number": "x",
            "status": "accepted",
            "reason": None,
        }
        book.put(statement.request_number, Kept(next(serial), statement, answer, statement.amount))
        return JSONResponse(answer)

    return [
        Route("/tax/v1/statements", handled(take), methods=["POST"]),
        Route("/tax/v1/statements", handled(list_statements)),
        Route("/tax/v1/statements/{number}", handled(show)),
        Route("/sandbox/statements", handled(add), methods=["POST"]),
        Route("/sandbox/statements/{number}", handled(change), methods=["PATCH"]),
        Route("/sandbox/statements/{number}", handled(forget), methods=["DELETE"]),
    ]
