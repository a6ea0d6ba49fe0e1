"""`python -m deploy.sandbox.provincial`."""

import os

from deploy.sandbox.common import serve
from deploy.sandbox.provincial.app import PORT, make_app
from shared.settings import secret

if __name__ == "__main__":
    serve(make_app(secret(os.environ, "PROVINCIAL_SECRET")), PORT)
