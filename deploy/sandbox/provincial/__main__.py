"""`python -m deploy.sandbox.provincial`."""

import os

from deploy.sandbox.common import serve
from deploy.sandbox.provincial.app import PORT, make_app
from shared.settings import SettingMissing, secret

if __name__ == "__main__":
    others: list[str | None] = []
    for name in ("TRAINING_PLATFORM_SECRET", "TAX_OFFICE_SECRET"):
        try:
            others.append(secret(os.environ, name))
        except SettingMissing:
            others.append(None)
    serve(make_app(secret(os.environ, "PROVINCIAL_SECRET"), *others), PORT)
