"""`python -m deploy.sandbox.provincial`."""

import os
from contextlib import suppress

from deploy.sandbox.common import serve
from deploy.sandbox.provincial.app import PORT, make_app
from shared.settings import SettingMissing, secret

if __name__ == "__main__":
    training: str | None = None
    tax: str | None = None
    with suppress(SettingMissing):
        training = secret(os.environ, "TRAINING_PLATFORM_SECRET")
    with suppress(SettingMissing):
        tax = secret(os.environ, "TAX_OFFICE_SECRET")
    serve(make_app(secret(os.environ, "PROVINCIAL_SECRET"), training, tax), PORT)
