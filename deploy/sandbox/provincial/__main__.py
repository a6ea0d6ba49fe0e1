"""`python -m deploy.sandbox.provincial`."""

import os

from deploy.sandbox.common import serve
from deploy.sandbox.provincial.app import PORT, make_app

if __name__ == "__main__":
    serve(make_app(os.environ["PROVINCIAL_SECRET"]), PORT)
