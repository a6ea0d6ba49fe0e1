"""The demo against a stack that runs already, its APIs and workers apart, as Compose and Kubernetes run them."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from deploy.local import child
from deploy.local.demo.running import HELD_SECONDS
from deploy.local.stack import SERVICES, SERVICES_LAST, make_stack, python_program
from deploy.local.supervisor import Program, Supervisor
from tests.end_to_end.demo import demo, ports, report_of
from tests.end_to_end.test_platform_day import handmade


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def against(module_directory: Path) -> AsyncIterator[Path]:
    """The file that names a running stack which holds nothing."""
    with pytest.MonkeyPatch.context() as patch:
        for variable, port in ports().items():
            patch.setenv(variable, port)
        stack = make_stack(module_directory / "stack", settling_seconds=HELD_SECONDS)
    programs = [one for program in stack.programs for one in apart(program)]
    secret = module_directory / "secret"
    secret.write_text(stack.client_secret)
    lines = [f"{name.upper()}_URL={url}" for name, url in stack.urls.items()]
    lines += [
        f"{one.name.upper().replace('-', '_')}_URLS=http://127.0.0.1:{one.port}" for one in programs if is_worker(one)
    ]
    file = module_directory / "demo.against"
    file.write_text(
        "\n".join(["# a stack of a test", *lines, f"LOCAL_CLIENT_SECRET_FILE={secret}", "BROKER=some broker"])
    )
    async with Supervisor(programs, module_directory / "stack"):
        yield file


def apart(program: Program) -> Iterator[Program]:
    """A service as two processes; anything else as it is."""
    if program.name not in SERVICES:
        yield program
        return
    port = child.free_port()
    settings = {**program.environment, "HTTP_PORT": str(port)}
    worker = python_program(f"{program.name}-worker", f"services.{program.name}", port, SERVICES_LAST, settings)
    for one, role in ((program, "api"), (worker, "worker")):
        yield replace(one, command=in_role(program.name, role))


def in_role(service: str, role: str) -> Callable[[], Awaitable[list[str]]]:
    async def command() -> list[str]:
        return [sys.executable, "-m", f"services.{service}", "--role", role]

    return command


def is_worker(program: Program) -> bool:
    return program.name.endswith("-worker")


@pytest.mark.timeout(580)
async def test_a_day_comes_out_right_once_and_is_refused_after(against: Path, tmp_path: Path) -> None:
    """The second time the services hold data, and the demo says so before it pushes anything."""
    events = tmp_path / "events.ndjson"
    events.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in handmade()), "utf-8")
    told = ("--against", str(against), "--input", str(events))
    async with demo(tmp_path / "first", *told) as process:
        assert await process.wait() == 0, (tmp_path / "first.log").read_text("utf-8")[-3000:]
    report = report_of(tmp_path / "first")
    assert report["pushed"] == {"events": 20, "accepted": 16, "rejected": 4}
    assert report["notifier"] == {"sent": 29, "delivered": 29, "failed": 0}
    assert report["engines"] == {"database": f"as {against} names it", "broker": "some broker"}
    async with demo(tmp_path / "second", *told) as process:
        assert await process.wait() == 1
    said = (tmp_path / "second.log").read_text("utf-8")
    assert "only in empty databases" in said
    assert "registry.workers 4" in said
    assert not (tmp_path / "second" / "report.json").exists()
