"""`python -m shared.healthcheck`: ask the service in this container whether it lives; exit status 0 if it does, else 1."""

from __future__ import annotations

import os
import sys
from http.client import HTTPException
from urllib.request import ProxyHandler, build_opener

SECONDS = 3.0


def lives(port: int) -> bool:
    """Whether `/healthz` on `port` of this container answers with success in time."""
    try:
        with build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{port}/healthz", timeout=SECONDS):
            return True
    except (OSError, HTTPException):
        return False


if __name__ == "__main__":
    sys.exit(0 if lives(int(os.environ.get("HTTP_PORT", "8000"))) else 1)
