"""`python -m deploy.sandbox.provincial`."""

import os

from deploy.sandbox.common import serve
from deploy.sandbox.provincial.app import PORT, make_app
from shared.settings import SettingMissing, secret

if __name__ == "__main__":
    training: str | None
    try:
        training = secret(os.environ, "TRAINING_PLATFORM_SECRET")
    except SettingMissing:
        training = None
    serve(make_app(secret(os.environ, "PROVINCIAL_SECRET"), training), PORT)
