"""What takes its time: payment orders and transfers. Each is answered at once, and has its result later."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.sandbox.memory import Memory
from deploy.sandbox.provincial.desk import Desk, Refused, handled, parse

MONTHS_ELSEWHERE = 12
"""Months of contributions that whoever moves into the city brings."""


class Payment(BaseModel):
    """An order to pay a sum in yuan."""

    model_config = ConfigDict(frozen=True)

    request_number: str = Field(min_length=1, max_length=128)
    payee_id_number: str = Field(min_length=15, max_length=18)
    payee_name: str = Field(min_length=1)
    account: str = Field(min_length=1, max_length=64)
    amount: str = Field(pattern=r"^\d{1,12}\.\d{2}$")
    purpose: str = Field(min_length=1)


class Transfer(BaseModel):
    """A request to move one insurance of a person into or out of the city. `months`: paid in the city so far."""

    model_config = ConfigDict(frozen=True)

    request_number: str = Field(min_length=1, max_length=128)
    direction: Literal["in", "out"]
    insurance: Literal["pension", "medical", "unemployment"]
    id_number: str = Field(min_length=15, max_length=18)
    name: str = Field(min_length=1)
    other_place: str = Field(min_length=1)
    months: int = Field(ge=0)


class Result(BaseModel):
    """How an order stands. `paid_on` and `months` are those of a payment and of a transfer."""

    status: Literal["pending", "paid", "completed", "failed", "refused"]
    reason: str | None = None
    paid_on: date | None = None
    months: int | None = None


@dataclass
class Kept:
    """An order's answer, what becomes of it, and from when on that shows."""

    answer: dict[str, str | None]
    result: Result
    shows_at: float


class Orders:
    """Every order by its number."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.kept = Memory[Kept]()

    async def pay(self, request: Request) -> Response:
        order = await self.desk.take(request, Payment)
        reason = self._failure()
        paid = Result(status="paid", paid_on=(datetime.now(UTC) + timedelta(hours=8)).date())
        return self._take(order.request_number, hash(order), paid, Result(status="failed", reason=reason))

    async def move(self, request: Request) -> Response:
        order = await self.desk.take(request, Transfer)
        months = order.months if order.direction == "out" else MONTHS_ELSEWHERE
        refused = Result(status="refused", reason=self._failure())
        return self._take(order.request_number, hash(order), Result(status="completed", months=months), refused)

    def _failure(self) -> str:
        return self.desk.sandbox.behaviour.result_failure

    def _take(self, number: str, digest: int, good: Result, bad: Result) -> Response:
        answer = self.desk.answer(number, number, digest, "申请信息核验未通过")
        if self.kept.get(number) is None:
            failed = answer["status"] == "rejected" or self.desk.sandbox.take("fail_results_next")
            delay = self.desk.sandbox.behaviour.result_delay_ms / 1000
            self.kept.put(number, Kept(answer, bad if failed else good, time.monotonic() + delay))
        return JSONResponse(answer)

    def _of(self, request: Request) -> Kept:
        number = request.path_params["number"]
        kept = self.kept.get(number)
        if kept is None:
            raise Refused(404, f"{number} is not known")
        return kept

    async def show(self, request: Request) -> Response:
        self.desk.check(request)
        return JSONResponse(self._of(request).answer)

    async def result(self, request: Request) -> Response:
        self.desk.check(request)
        kept = self._of(request)
        shown = kept.result if time.monotonic() >= kept.shows_at else Result(status="pending")
        return JSONResponse(shown.model_dump(mode="json"))

    async def decide(self, request: Request) -> Response:
        kept = self._of(request)
        kept.result, kept.shows_at = parse(await request.body(), Result), 0.0
        return JSONResponse(kept.result.model_dump(mode="json"))


def routes(desk: Desk) -> list[Route]:
    """The routes of this desk."""
    payments, transfers = Orders(desk), Orders(desk)

    async def decide(request: Request) -> Response:
        known = payments.kept.get(request.path_params["number"]) is not None
        return await (payments if known else transfers).decide(request)

    return [
        Route("/v1/payments", handled(payments.pay), methods=["POST"]),
        Route("/v1/payments/{number}", handled(payments.show)),
        Route("/v1/payments/{number}/result", handled(payments.result)),
        Route("/v1/transfers", handled(transfers.move), methods=["POST"]),
        Route("/v1/transfers/{number}", handled(transfers.show)),
        Route("/v1/transfers/{number}/result", handled(transfers.result)),
        Route("/sandbox/results/{number}", handled(decide), methods=["POST"]),
    ]
