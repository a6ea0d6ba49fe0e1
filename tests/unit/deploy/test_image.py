"""What goes into the image, and how its processes are started."""

import ast
import os
import re
import stat
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import httpx2
import pytest

from deploy.image import pip
from deploy.image.build import Image, megabytes
from deploy.image.programs import run_by
from deploy.local.child import PROJECT
from deploy.local.demo.client import Client
from deploy.local.stack import SERVICES, Stack, make_stack

DOCKERFILE = (PROJECT / "deploy" / "Dockerfile").read_text().replace("\\\n", " ")


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} +(.+)$", DOCKERFILE, re.MULTILINE)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def copied() -> list[str]:
    """What is copied from the project, in all stages."""
    return [source for line in instructions("COPY") if "--from" not in line for source in line.split()[:-1]]


def test_all_that_is_copied_exists() -> None:
    assert copied()
    assert [source for source in copied() if not (PROJECT / source).exists()] == []


def test_a_build_sees_what_is_copied_and_nothing_else() -> None:
    lines = [line for line in (PROJECT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert lines[0] == "*"
    assert sorted(line[1:] for line in lines if line.startswith("!")) == sorted(copied())
    assert [line for line in lines[1:] if not line.startswith("!")] == ["**/__pycache__"]


def test_packages_are_those_of_the_hashed_lists_alone() -> None:
    installs = [line.rpartition(" ")[2] for line in instructions("RUN") if "install" in line]
    assert installs == ["runtime.txt", "sandbox.txt"]
    assert len(re.findall(r"--require-hashes -r ", DOCKERFILE)) == 2
    lists = [f"requirements/{name}" for name in installs]
    assert [source for source in copied() if source.startswith("requirements/")] == lists
    pins = [pin for name in lists for pin in re.findall(r"^[^\s#].*$", (PROJECT / name).read_text(), re.MULTILINE)]
    assert pins
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==\S+( ;.+)? \\", pin)] == []


def test_the_services_image_lacks_what_the_stand_ins_alone_need() -> None:
    of_service = DOCKERFILE[DOCKERFILE.index(" AS final") : DOCKERFILE.index(" AS sandbox")]
    assert "--from=build " in of_service
    assert "--from=build-sandbox" not in of_service
    assert "aiosmtpd" not in (PROJECT / "requirements" / "runtime.txt").read_text()


def imported(path: Path) -> set[str]:
    """The packages that the Python files under a path import, by the top of their names."""
    files = [path] if path.is_file() else list(path.rglob("*.py"))
    names = set()
    for node in (node for file in files for node in ast.walk(ast.parse(file.read_text()))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names - {"services", "shared", "deploy"}


@pytest.mark.parametrize(
    ("of", "lists"),
    [
        (["services", "shared"], ["runtime.txt"]),
        (["deploy/sandbox", "deploy/local/issuer"], ["runtime.txt", "sandbox.txt"]),
    ],
)
def test_what_an_image_imports_is_installed_in_it(of: list[str], lists: list[str]) -> None:
    pins = "".join((PROJECT / "requirements" / name).read_text() for name in lists)
    installed = {canonical(name) for name in re.findall(r"^([\w.-]+)==", pins, re.MULTILINE)}
    names = {name for path in of for name in imported(PROJECT / path)}
    assert names
    givers = packages_distributions()
    assert {name for name in names if not {canonical(one) for one in givers[name]} & installed} == set()


def test_the_service_is_what_is_built_where_no_target_is_named() -> None:
    assert instructions("FROM")[-1].endswith(" AS service")


def test_the_services_image_has_nothing_of_deploy() -> None:
    of_sandbox = DOCKERFILE[DOCKERFILE.index(" AS sandbox") : DOCKERFILE.index(" AS service")]
    assert [source for source in copied() if source.startswith("deploy") and source not in of_sandbox] == []
    assert instructions("FROM")[-1].startswith("final ")


def test_the_image_runs_without_root_and_without_a_shell() -> None:
    assert instructions("USER") == ["10001:10001"]
    assert instructions("ENTRYPOINT") == ['["python", "-m"]']
    assert [check.partition("CMD ")[2] for check in instructions("HEALTHCHECK")] == [
        '["python", "-m", "shared.healthcheck"]'
    ]


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    def image(name: str) -> Image:
        return Image(
            root=Path("/images") / name,
            entrypoint=["python", "-m"],
            health=[],
            environment={"HTTP_HOST": "0.0.0.0", "HTTP_PORT": "8000", "OF": name},
            user=str(os.getuid()),
            group=str(os.getgid()),
            directory="/app",
        )

    return make_stack(tmp_path / "stack", run_by=run_by(image("service"), image("sandbox"), tmp_path / "secrets"))


def asked(stack: Stack) -> list[str]:
    """The processes that the demo asks whether anything is under way."""
    client = Client(httpx2.AsyncClient(), stack.urls, "")
    return [process for service in SERVICES for process in client.processes(service)]


async def test_each_service_has_an_api_and_workers_of_its_image(stack: Stack) -> None:
    commands = {
        program.name: await program.command() for program in stack.programs if program.name not in ("mongo", "kafka")
    }
    processes = {
        name: " ".join(command[command.index("python") :])
        for name, command in commands.items()
        if "/images/service" in command
    }
    assert processes == {
        **{name: f"python -m services.{name} --role api" for name in SERVICES},
        **{f"{name}-worker-1": f"python -m services.{name} --role worker" for name in SERVICES},
        "insurance-worker-2": "python -m services.insurance --role worker",
    }
    assert set(asked(stack)) == set(processes)
    assert set(commands) - set(processes) == {"issuer", "provincial", "sms", "push", "mailbox"}


def test_every_process_is_asked_at_a_port_of_its_own(stack: Stack) -> None:
    urls = [stack.urls[name] for name in asked(stack)]
    assert len(set(urls)) == len(urls) == len(SERVICES) * 2 + 1
    ports = {program.name: program.environment["HTTP_PORT"] for program in stack.programs if program.stage == 2}
    assert [url.rpartition(":")[2] for url in urls] == [ports[name] for name in asked(stack)]


async def test_a_process_is_given_nothing_of_its_starters_environment(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRANGE", "1")
    registry = next(program for program in stack.programs if program.name == "registry")
    assert "--unset=STRANGE" in await registry.command()
    assert registry.environment["OF"] == "service"


def test_keys_are_a_secret_that_the_images_user_alone_reads(stack: Stack, tmp_path: Path) -> None:
    for program in stack.programs:
        if program.stage == 2:
            assert program.environment["KEYS_FILE"] == "/run/secrets/keys.json"
            status = (tmp_path / "secrets" / program.name / "keys.json").stat()
            assert (status.st_uid, stat.S_IMODE(status.st_mode)) == (os.getuid(), 0o400)


def test_no_process_of_the_image_is_told_a_path_outside_it(stack: Stack, tmp_path: Path) -> None:
    told = {
        (one.name, name) for one in stack.programs for name, value in one.environment.items() if str(tmp_path) in value
    }
    assert told == set()
    [sms] = [one for one in stack.programs if one.name == "sms"]
    assert sms.environment["TENCENT_SMS_TEMPLATES"] == "/run/secrets/templates.yaml"


def test_a_build_has_packages_from_where_this_machine_has_them(tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nindex-url = https://a.example/\nno-cache-dir = 1\n[install]\ntrusted-host = a.example\n")
    told = pip.settings(
        [file, tmp_path / "none"], {"PIP_INDEX_URL": "https://b.example/%20/", "PIP_CERT": "/ca.pem", "HOME": "/"}
    )
    assert pip.certificates(told) == Path("/ca.pem")
    assert pip.configuration(told).splitlines() == [
        "[global]",
        "index-url = https://b.example/%20/",
        "trusted-host = a.example",
        "cert = /run/secrets/ca.pem",
    ]


def test_a_file_of_two_names_counts_once(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"x" * 2_000_000)
    os.link(tmp_path / "one", tmp_path / "other")
    (tmp_path / "link").symlink_to("nowhere")
    assert round(megabytes(tmp_path), 1) == 2.0
