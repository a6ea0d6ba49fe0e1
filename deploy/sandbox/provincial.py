"""A stand-in for the provincial online social-insurance platform: takes enrolments and their ends. Port 8101.

`POST /v1/enrolments` and `POST /v1/enrolments/{request_number}/end`, signed as Standard Webhooks with PROVINCIAL_SECRET
and idempotent by request number: the same request has the same answer, another one under the same number is a 409.
`GET /v1/enrolments/{request_number}` shows what became of it; who was enrolled is not kept.
"""

import os
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from deploy.sandbox.common import Memory, Sandbox, serve

PORT = 8101


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
    """The end of an enrolment; its request number is in the path."""

    model_config = ConfigDict(frozen=True)

    ends_on: date


@dataclass
class Entry:
    """A request that was answered: a digest of it, to know it again, and the answer."""

    digest: int
    answer: dict[str, str | None]


def make_app(secret: str) -> ASGIApp:
    """The application; requests are signed with `secret` (base64, with or without `whsec_`)."""
    sandbox, verifier, answered = Sandbox(), Webhook(secret), Memory[Entry]()

    async def signed_body(request: Request) -> bytes:
        body = await request.body()
        verifier.verify(body, dict(request.headers), json_parse=False)
        return body

    def answer(key: str, request_number: str, digest: int) -> Response:
        earlier = answered.get(key)
        if earlier is not None:
            sandbox.counts["repeated"] += 1
            if earlier.digest != digest:
                return problem(409, f"{request_number} was another request")
            return JSONResponse(earlier.answer)
        refused = sandbox.take("refuse_next")
        status = "rejected" if refused else "accepted"
        sandbox.counts[status] += 1
        reply: dict[str, str | None] = {
            "request_number": request_number,
            "receipt_number": uuid.uuid4().hex,
            "status": status,
            "reason": "参保信息核验未通过" if refused else None,
        }
        answered.put(key, Entry(digest, reply))
        return JSONResponse(reply)

    async def enrol(request: Request) -> Response:
        try:
            enrolment = Enrolment.model_validate_json(await signed_body(request))
        except WebhookVerificationError:
            return problem(401, "signature")
        except ValidationError as error:
            return problem(422, ", ".join(str(e["loc"]) for e in error.errors()))
        number = enrolment.request_number
        return answer(number, number, hash(enrolment))

    async def end(request: Request) -> Response:
        number = request.path_params["request_number"]
        try:
            ending = End.model_validate_json(await signed_body(request))
        except WebhookVerificationError:
            return problem(401, "signature")
        except ValidationError as error:
            return problem(422, ", ".join(str(e["loc"]) for e in error.errors()))
        if answered.get(number) is None:
            return problem(404, f"{number} is not known")
        return answer(f"{number}/end", number, hash(ending))

    async def show(request: Request) -> Response:
        number = request.path_params["request_number"]
        entry, ended = answered.get(number), answered.get(f"{number}/end")
        if entry is None:
            return problem(404, f"{number} is not known")
        return JSONResponse(entry.answer | {"ended": ended is not None})

    return sandbox.app(
        [
            Route("/v1/enrolments", enrol, methods=["POST"]),
            Route("/v1/enrolments/{request_number}/end", end, methods=["POST"]),
            Route("/v1/enrolments/{request_number}", show),
        ]
    )


def problem(status: int, detail: str) -> Response:
    """An RFC 9457 answer."""
    return JSONResponse({"status": status, "detail": detail}, status, media_type="application/problem+json")


if __name__ == "__main__":
    serve(make_app(os.environ["PROVINCIAL_SECRET"]), PORT)
