"""What every desk of the stand-in does: look at the signature, answer a number once, and give lists in pages."""

import functools
import uuid
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from deploy.sandbox.common import Sandbox
from deploy.sandbox.memory import Memory

M = TypeVar("M", bound=BaseModel)
Handler = Callable[[Request], Awaitable[Response]]

PAGE = 200


@dataclass
class Entry:
    """A request that was answered: a digest of it, to know it again, and the answer."""

    digest: int
    answer: dict[str, str | None]


class Refused(Exception):
    """The request is answered with a problem."""

    def __init__(self, status: int, detail: str) -> None:
        self.status, self.detail = status, detail


class Desk:
    """Checks requests and remembers its answers by their number."""

    def __init__(self, sandbox: Sandbox, secret: str) -> None:
        self.sandbox = sandbox
        self._verifier = Webhook(secret)
        self.answered = Memory[Entry]()

    async def take(self, request: Request, model: type[M]) -> M:
        """A signed request's content; raises `Refused`."""
        body = await request.body()
        self._verify(body.decode(), request)
        return parse(body, model)

    def check(self, request: Request) -> None:
        """Raise `Refused` where a GET is not signed over its path and query, or where reading is to fail."""
        query = f"?{request.url.query}" if request.url.query else ""
        self._verify(request.scope["raw_path"].decode() + query, request)
        if self.sandbox.take("fail_reads_next"):
            raise Refused(self.sandbox.behaviour.status, "as told")

    def _verify(self, signed: str, request: Request) -> None:
        try:
            self._verifier.verify(signed, dict(request.headers), json_parse=False)
        except WebhookVerificationError:
            raise Refused(401, "signature") from None

    def answer(self, key: str, number: str, digest: int, refusal: str) -> dict[str, str | None]:
        """The answer to a request: the earlier one where it came before. Raises `Refused` for another one under the key."""
        earlier = self.answered.get(key)
        if earlier is not None:
            self.sandbox.counts["repeated"] += 1
            if earlier.digest != digest:
                raise Refused(409, f"{number} was another request")
            return earlier.answer
        refused = self.sandbox.take("refuse_next")
        status = "rejected" if refused else "accepted"
        self.sandbox.counts[status] += 1
        reply = new_answer(number, status, refusal if refused else None)
        self.answered.put(key, Entry(digest, reply))
        return reply


def new_answer(number: str, status: str, reason: str | None = None) -> dict[str, str | None]:
    """An answer with a receipt of its own."""
    return {"request_number": number, "receipt_number": uuid.uuid4().hex, "status": status, "reason": reason}


def parse(body: bytes, model: type[M]) -> M:
    """The content of a body; raises `Refused`."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise Refused(422, ", ".join(str(e["loc"]) for e in error.errors())) from None


def page(items: Iterable[tuple[int, dict[str, Any]]], request: Request) -> Response:
    """The items numbered behind the cursor, at most `limit` of them; `next` is null on the last page."""
    after, limit = int(request.query_params.get("cursor", 0)), int(request.query_params.get("limit", PAGE))
    found = sorted(((serial, item) for serial, item in items if serial > after), key=lambda pair: pair[0])
    shown = found[:limit]
    more = len(found) > limit
    return JSONResponse({"items": [item for _, item in shown], "next": str(shown[-1][0]) if more else None})


def handled(handler: Handler) -> Handler:
    """The handler with what it refuses answered as an RFC 9457 problem."""

    @functools.wraps(handler)
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except Refused as refused:
            content = {"status": refused.status, "detail": refused.detail}
            return JSONResponse(content, refused.status, media_type="application/problem+json")

    return answer
