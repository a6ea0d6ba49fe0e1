"""The application: a desk for each kind of thing."""

from starlette.types import ASGIApp

from deploy.sandbox.common import Sandbox
from deploy.sandbox.provincial import enrolments, orders, records, training
from deploy.sandbox.provincial.desk import Desk

PORT = 8101


def make_app(secret: str, training_secret: str | None = None) -> ASGIApp:
    """The application; requests are signed with `secret` (base64, with or without `whsec_`), those to the training platform with
    `training_secret`, where there is one."""
    sandbox = Sandbox()
    desk = Desk(sandbox, secret)
    school = training.routes(Desk(sandbox, training_secret or secret))
    return sandbox.app([*enrolments.routes(desk), *orders.routes(desk), *records.routes(desk), *school])
