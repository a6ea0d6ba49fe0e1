"""Which servers a file names for the demo, and how it asks them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from deploy.local.child import PROJECT
from deploy.local.demo import calls
from deploy.local.demo.against import BadTarget, read_target
from deploy.local.demo.client import Client
from tests import compose

LINES = {f"{name}_URL": f"http://{name.lower()}:1/" for name in ("REGISTRY", "INSURANCE", "COMPLAINTS", "SUBSIDIES")}
LINES |= {"NOTIFIER_URL": "http://notifier:1", "ISSUER_URL": "http://issuer:1", "LOCAL_CLIENT_SECRET": "s"}


def write(file: Path, lines: Mapping[str, str]) -> Path:
    file.write_text("# a comment\n\n" + "\n".join(f"{name} = {value}" for name, value in lines.items()))
    return file


def test_a_file_names_apis_workers_and_issuer(tmp_path: Path) -> None:
    workers = {"INSURANCE_WORKER_URLS": "http://one:2, http://two:2/"}
    target = read_target(write(tmp_path / "file", LINES | workers))
    assert target.urls == {
        "registry": "http://registry:1",
        "insurance": "http://insurance:1",
        "complaints": "http://complaints:1",
        "subsidies": "http://subsidies:1",
        "notifier": "http://notifier:1",
        "issuer": "http://issuer:1",
        "insurance-worker-0": "http://one:2",
        "insurance-worker-1": "http://two:2",
    }
    assert target.client_secret == "s"


@pytest.mark.parametrize("name", LINES)
def test_what_a_file_does_not_say_is_named(name: str, tmp_path: Path) -> None:
    file = write(tmp_path / "file", {key: value for key, value in LINES.items() if key != name})
    with pytest.raises(BadTarget, match=name):
        read_target(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadTarget, match="nowhere"):
        read_target(tmp_path / "nowhere")


def test_the_file_of_compose_names_the_ports_that_it_publishes() -> None:
    said = compose.variables("demo.against")
    overlay = (compose.FOLDER / "demo.yaml").read_text("utf-8")
    for service in compose.SERVICES:
        port = said[f"{service.upper()}_WORKER_URLS"].rpartition(":")[2]
        assert f"127.0.0.1:${{{service.upper()}_WORKER_PORT:-{port}}}:8000" in overlay
        api = said[f"{service.upper()}_URL"].rpartition(":")[2]
        assert compose.container(f"{service}-api")["ports"] == [f"127.0.0.1:${{{service.upper()}_PORT:-{api}}}:8000"]
    secret = PROJECT / said["LOCAL_CLIENT_SECRET_FILE"]
    assert secret.parent == compose.FOLDER / "secrets"
    assert secret.name in compose.secrets("issuer").values()


class Answers(Client):
    """Says of each process what it was given, in place of the process."""

    def __init__(self, found: Mapping[str, dict[str, Any]]) -> None:
        self.urls = dict.fromkeys(found, "http://nowhere")
        self.found = found

    async def operator(self, service: str, path: str) -> Any:
        return self.found[service]


def said(outbox: int = 0, lag: int = 0, handled: int = 0, **pending: int) -> dict[str, Any]:
    return {"outbox": outbox, "lag": lag, "due": 0, "pending": pending, "handled": handled}


def test_what_every_process_knows_counts_once_and_lag_adds_up() -> None:
    found = {
        "registry": said(outbox=3, intake=1),
        "registry-worker-0": said(outbox=2, lag=4, handled=10, intake=1),
        "registry-worker-1": said(outbox=3, lag=5, handled=20),
        "insurance": said(lag=100),
    }
    idle, handled, words = asyncio.run(calls.backlog(Answers(found), "registry"))
    assert (idle, handled) == (False, 30)
    assert set(words.split(", ")) == {"outbox 3", "lag 9", "intake 1"}


def test_a_service_is_idle_when_all_its_processes_are() -> None:
    found = {"registry": said(), "registry-worker-0": said(handled=7)}
    assert asyncio.run(calls.backlog(Answers(found), "registry")) == (True, 7, "")
