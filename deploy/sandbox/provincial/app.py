"""The application: a desk for each kind of thing."""

from collections.abc import Mapping
from contextlib import suppress

from starlette.types import ASGIApp

from deploy.sandbox.common import Sandbox
from deploy.sandbox.provincial import enrolments, orders, records, tax, training
from deploy.sandbox.provincial.desk import Desk
from shared.settings import SettingMissing, secret

PORT = 8101


def make_app(secret: str, training_secret: str | None = None, tax_secret: str | None = None) -> ASGIApp:
    """The application; requests are signed with `secret` (base64, with or without `whsec_`), those to the training platform with
    `training_secret`, those to the tax office with `tax_secret`, where there is one."""
    sandbox = Sandbox()
    desk = Desk(sandbox, secret)
    school = training.routes(Desk(sandbox, training_secret or secret))
    office = tax.routes(Desk(sandbox, tax_secret or secret))
    return sandbox.app([*enrolments.routes(desk), *orders.routes(desk), *records.routes(desk), *school, *office])


def from_environment(env: Mapping[str, str]) -> ASGIApp:
    """The application as the environment says."""
    training_secret: str | None = None
    tax_secret: str | None = None
    with suppress(SettingMissing):
        training_secret = secret(env, "TRAINING_PLATFORM_SECRET")
    with suppress(SettingMissing):
        tax_secret = secret(env, "TAX_OFFICE_SECRET")
    return make_app(secret(env, "PROVINCIAL_SECRET"), training_secret, tax_secret)
