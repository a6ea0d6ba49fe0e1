"""What was paid in: contributions of persons and payments of bills. A test adds them; the city pulls them."""

import itertools
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.sandbox.provincial.desk import Desk, handled, page, parse

Yuan = Annotated[str, Field(pattern=r"^\d{1,12}\.\d{2}$")]


class Contribution(BaseModel):
    """A contribution for a person's month. The same number again takes the earlier one's place."""

    kind: Literal["contribution"]
    number: str = Field(min_length=1, max_length=128)
    id_number: str = Field(min_length=15, max_length=18)
    insurance: Literal["pension", "medical", "unemployment", "work_injury", "maternity"]
    month: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    base: Yuan
    employer_amount: Yuan
    worker_amount: Yuan
    payer: str | None = None
    paid_on: date
    reversed: bool = False


class BillPayment(BaseModel):
    """A payment of a bill of the city."""

    kind: Literal["bill"]
    number: str = Field(min_length=1, max_length=128)
    bill_id: str = Field(min_length=1)
    amount: Yuan
    paid_on: date


class Records(BaseModel):
    """What a test adds."""

    items: list[Annotated[Contribution | BillPayment, Field(discriminator="kind")]]


def routes(desk: Desk) -> list[Route]:
    """The routes of this desk."""
    kept: dict[str, tuple[int, dict[str, Any]]] = {}
    serial = itertools.count(1)

    async def list_records(request: Request) -> Response:
        desk.check(request)
        since = datetime.fromisoformat(request.query_params.get("since", "1970-01-01T00:00:00+00:00"))
        found = [pair for pair in kept.values() if datetime.fromisoformat(pair[1]["changed_at"]) >= since]
        if desk.sandbox.take("answer_twice"):
            doubled = [(place, item) for place, (_, item) in enumerate([*found, *found], 1)]
            return page(doubled, request)
        return page(found, request)

    async def add(request: Request) -> Response:
        items = parse(await request.body(), Records).items
        shown = []
        for item in items:
            told = item.model_dump(mode="json") | {"changed_at": datetime.now(UTC).isoformat()}
            kept[item.number] = next(serial), told
            shown.append(told)
        return JSONResponse({"items": shown})

    return [
        Route("/v1/contributions", handled(list_records)),
        Route("/sandbox/records", handled(add), methods=["POST"]),
    ]
