"""`python -m deploy.sandbox.provincial`."""

import os

from deploy.sandbox.common import serve
from deploy.sandbox.provincial.app import PORT, from_environment

if __name__ == "__main__":
    serve(from_environment(os.environ), PORT)
