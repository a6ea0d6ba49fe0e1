"""The application: a desk for each kind of thing."""

from starlette.types import ASGIApp

from deploy.sandbox.common import Sandbox
from deploy.sandbox.provincial import enrolments, orders, records
from deploy.sandbox.provincial.desk import Desk

PORT = 8101


def make_app(secret: str) -> ASGIApp:
    """The application; requests are signed with `secret` (base64, with or without `whsec_`)."""
    sandbox = Sandbox()
    desk = Desk(sandbox, secret)
    return sandbox.app([*enrolments.routes(desk), *orders.routes(desk), *records.routes(desk)])
