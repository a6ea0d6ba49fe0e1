"""Stand-ins for the two SMS providers in one process. Port 8102.

Alibaba Cloud's (see `aliyun`) is at `/`, with the secrets SMS_ACCESS_KEY_ID and SMS_ACCESS_KEY_SECRET; its receipts go to
RECEIPT_URL. Tencent Cloud's (see `tencent`) is at `/tencent`, where TENCENT_SMS_SECRET_ID is set, with TENCENT_SMS_SECRET_KEY,
TENCENT_SMS_APP_ID and the file TENCENT_SMS_TEMPLATES; its reports go to TENCENT_RECEIPT_URL with TENCENT_SMS_RECEIPT_TOKEN
behind it. Each misbehaves by itself:
`/sandbox/behaviour`, `/tencent/sandbox/behaviour`. A person reads the messages of both at `/`, a test at
`GET /sandbox/messages?phone=`. What a service files for one broadcast is filed for both at
`PUT /sandbox/templates/{code}`, its text as the body.
"""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.sandbox.aliyun import Aliyun
from deploy.sandbox.common import Sandbox, serve
from deploy.sandbox.inbox import inbox
from deploy.sandbox.messages import Messages, load_templates
from deploy.sandbox.receipts import Receipts
from deploy.sandbox.tencent import Tencent
from shared.settings import secret

PORT = 8102
RECEIPT_URL = "http://127.0.0.1:8005/v1/sms-receipts"
SECOND = "/tencent"


def from_environment(env: Mapping[str, str]) -> ASGIApp:
    """Both stand-ins, as the environment says."""
    messages = Messages(load_templates(Path(env.get("SMS_TEMPLATES", "services/notifier/notices"))))
    sandbox = Sandbox()
    receipts = [Receipts(sandbox, env.get("RECEIPT_URL", RECEIPT_URL), secret(env, "RECEIPT_SECRET"))]
    aliyun = Aliyun(sandbox, receipts[0], messages, {env["SMS_ACCESS_KEY_ID"]: secret(env, "SMS_ACCESS_KEY_SECRET")})
    second = None
    if env.get("TENCENT_SMS_SECRET_ID"):
        other = Sandbox()
        reports = f"{env['TENCENT_RECEIPT_URL']}/{secret(env, 'TENCENT_SMS_RECEIPT_TOKEN')}"
        receipts.append(Receipts(other, reports, None))
        keys = {env["TENCENT_SMS_SECRET_ID"]: secret(env, "TENCENT_SMS_SECRET_KEY")}
        numbers = yaml.safe_load(Path(env["TENCENT_SMS_TEMPLATES"]).read_text(encoding="utf-8"))
        codes = {str(number): code for code, number in numbers.items()}
        tencent = Tencent(other, receipts[1], messages, keys, env["TENCENT_SMS_APP_ID"], codes)
        second = other.app([Route("/", tencent.action, methods=["POST"])])

    async def shown(request: Request) -> Response:
        return JSONResponse(messages.shown(request.query_params.get("phone")))

    async def file_template(request: Request) -> Response:
        if messages.templates is not None:
            messages.templates[request.path_params["code"]] = (await request.body()).decode()
        return Response(status_code=204)

    async def page(request: Request) -> Response:
        return inbox("短信收件箱 · SMS inbox", ("at", "provider", "phone", "text", "template"), messages.shown())

    @asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for one in receipts:
                await stack.enter_async_context(one.running(app))
            yield

    routes = [Route("/", aliyun.action, methods=["POST"]), Route("/", page), Route("/sandbox/messages", shown)]
    routes.append(Route("/sandbox/templates/{code}", file_template, methods=["PUT"]))
    first = sandbox.app(routes, lifespan=running)

    async def both(scope: Scope, receive: Receive, send: Send) -> None:
        if second is not None and scope["type"] == "http" and scope["path"].startswith(SECOND):
            await second({**scope, "path": scope["path"].removeprefix(SECOND) or "/"}, receive, send)
        else:
            await first(scope, receive, send)

    return both


if __name__ == "__main__":
    serve(from_environment(os.environ), PORT)
