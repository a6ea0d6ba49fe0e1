"""A stand-in for the app's push service. Port 8103.

`POST /v1/messages` {message_id, device_token, title, body} with PUSH_SECRET as bearer token, idempotent by message id;
`GET /v1/messages/{message_id}` shows what became of it, with `err_code` where it failed.
Receipts go to RECEIPT_URL as a JSON array of {message_id, success, err_code, at}. A person reads the messages at `/`, a test at
`GET /sandbox/messages?device_token=`.
"""

import hmac
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from deploy.sandbox.common import Sandbox, serve
from deploy.sandbox.inbox import inbox
from deploy.sandbox.memory import Memory
from deploy.sandbox.receipts import Receipts
from shared.settings import secret

PORT = 8103
RECEIPT_URL = "http://127.0.0.1:8005/v1/push-receipts"


class Push(msgspec.Struct, kw_only=True):
    """One message to one device."""

    message_id: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    device_token: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    title: str
    body: str


class Pushed(Push, kw_only=True):
    """A message that was taken."""

    at: datetime
    status: str
    forgotten: bool = False


def make_app(secret: str, receipt_url: str, receipt_secret: str) -> ASGIApp:
    """The application; callers bear `secret`."""
    sandbox, pushed = Sandbox(), Memory[Pushed]()
    receipts = Receipts(sandbox, receipt_url, receipt_secret)

    def allowed(request: Request) -> bool:
        return hmac.compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {secret}".encode())

    async def send(request: Request) -> Response:
        if not allowed(request):
            return JSONResponse({"error": "token"}, status_code=401)
        try:
            push = msgspec.json.decode(await request.body(), type=Push)
        except msgspec.DecodeError as error:
            return JSONResponse({"error": str(error)}, status_code=422)
        earlier = pushed.get(push.message_id)
        if earlier is not None:
            sandbox.counts["repeated"] += 1
            return JSONResponse({"message_id": earlier.message_id, "status": earlier.status})
        failed = sandbox.take("refuse_next")
        status, now = "failed" if failed else "delivered", datetime.now(UTC)
        taken = Pushed(**msgspec.structs.asdict(push), at=now, status=status, forgotten=sandbox.take("forget_next"))
        pushed.put(push.message_id, taken)
        sandbox.counts["messages"] += 1
        receipts.add(
            {
                "message_id": push.message_id,
                "success": not failed,
                "err_code": "UNREGISTERED" if failed else "DELIVERED",
                "at": now.isoformat(),
            }
        )
        return JSONResponse({"message_id": push.message_id, "status": "accepted"}, status_code=202)

    async def show(request: Request) -> Response:
        push = pushed.get(request.path_params["message_id"])
        if not allowed(request):
            return JSONResponse({"error": "token"}, status_code=401)
        if sandbox.take("fail_reads_next"):
            return JSONResponse({"error": "as told"}, status_code=sandbox.behaviour.status)
        sandbox.counts["asked"] += 1
        if push is None or push.forgotten:
            return JSONResponse({"error": "unknown"}, status_code=404)
        failure = {"err_code": "UNREGISTERED"} if push.status == "failed" else {}
        return JSONResponse({"message_id": push.message_id, "status": push.status, **failure})

    async def messages(request: Request) -> Response:
        device = request.query_params.get("device_token")
        return JSONResponse(
            [msgspec.to_builtins(p) for p in pushed.entries.values() if device in (None, p.device_token)]
        )

    async def page(request: Request) -> Response:
        shown = [msgspec.to_builtins(p) for p in pushed.entries.values()]
        return inbox("应用推送收件箱 · Push inbox", ("at", "device_token", "title", "body"), shown)

    return sandbox.app(
        [
            Route("/", page),
            Route("/v1/messages", send, methods=["POST"]),
            Route("/v1/messages/{message_id}", show),
            Route("/sandbox/messages", messages),
        ],
        lifespan=receipts.running,
    )


def from_environment(env: Mapping[str, str]) -> ASGIApp:
    """The application as the environment says."""
    return make_app(secret(env, "PUSH_SECRET"), env.get("RECEIPT_URL", RECEIPT_URL), secret(env, "RECEIPT_SECRET"))


if __name__ == "__main__":
    serve(from_environment(os.environ), PORT)
