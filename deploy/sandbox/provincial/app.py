"""The application: a desk for each kind of thing."""

from starlette.types import ASGIApp

from deploy.sandbox.common import Sandbox
from deploy.sandbox.provincial import enrolments, orders, records, tax, training
from deploy.sandbox.provincial.desk import Desk

PORT = 8101


def make_app(secret: str, training_secret: str | None = None, tax_secret: str | None = None) -> ASGIApp:
    """The application; requests are signed with `secret` (base64, with or without `whsec_`), those to the training platform with
    `training_secret`, those to the tax office with `tax_secret`, where there is one."""
    sandbox = Sandbox()
    desk = Desk(sandbox, secret)
    school = training.routes(Desk(sandbox, training_secret or secret))
    office = tax.routes(Desk(sandbox, tax_secret or secret))
    return sandbox.app([*enrolments.routes(desk), *orders.routes(desk), *records.routes(desk), *school, *office])
