"""What the image's health check says of the service beside it."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from socket import create_server

from deploy.local.child import PROJECT


def health(port: int, **env: str) -> int:
    command = [sys.executable, "-m", "shared.healthcheck"]
    environment = {**os.environ, "HTTP_PORT": str(port), **env}
    done = subprocess.run(command, cwd=PROJECT, env=environment, check=False, capture_output=True)
    assert done.stderr == b""
    return done.returncode


@contextmanager
def answering(status: int) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_a_service_that_answers_is_healthy_past_any_proxy() -> None:
    with answering(200) as port:
        assert health(port, http_proxy="http://127.0.0.1:9", no_proxy="") == 0


def test_a_service_that_answers_with_an_error_is_not_healthy() -> None:
    with answering(503) as port:
        assert health(port) == 1


def test_where_nothing_listens_nothing_is_healthy() -> None:
    with create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    assert health(port) == 1


def test_a_service_that_never_answers_is_not_healthy() -> None:
    with create_server(("127.0.0.1", 0)) as silent:
        assert health(silent.getsockname()[1]) == 1


def test_what_speaks_no_http_is_not_healthy() -> None:
    with create_server(("127.0.0.1", 0)) as server:

        def babble() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1024)
                connection.sendall(b"+OK\r\n")

        threading.Thread(target=babble, daemon=True).start()
        assert health(server.getsockname()[1]) == 1
