"""deploy/compose.yaml gives each container what it reads, and nothing that it does not."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from deploy.compose.make_secrets import make_all
from deploy.local.child import PROJECT
from deploy.local.stack import ISSUER, SANDBOXES, SERVICES
from deploy.sandbox.messages import load_templates
from services.insurance.province import connection
from services.insurance.tax import connection as tax_office
from services.notifier import settings as notifier
from services.registry.admission import settings as admission
from services.subsidies.training_platform import connection as training_platform
from shared.settings import Settings, from_environment
from tests import compose

ROLES = ("migrate", "api", "worker")
OF_THE_IMAGE = {"HTTP_HOST", "HTTP_PORT"}
OF_TESTS = {"XINDUN_CRASH_AT", "DEMO_DAYS_AHEAD"}
READERS = {"need", "secret", "_or_file", "_one_of", "get"}
READ_AT = {
    "issuer": "local/issuer/app.py",
    "provincial": "sandbox/provincial/app.py",
    "sms": "sandbox/sms.py",
    "push": "sandbox/push.py",
    "mailbox": "sandbox/mailbox.py",
}
ENV_FILES = ("city.env", "demo.env")
PORT = re.compile(r"127\.0\.0\.1:\$\{(\w+):-(\d+)\}:(\d+)")


class Recorder(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.read.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        self.read.add(name)
        return super().get(name, default)


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("compose") / "secrets"
    make_all(directory)
    return directory


def told(name: str, secrets: Path) -> Recorder:
    """The environment of a container, its secrets where they were made."""
    files = compose.secrets(name)
    given = compose.environment(name, compose.variables("demo.env"))
    return Recorder({key: str(secrets / files[value]) if value in files else value for key, value in given.items()})


def started(service: str, env: Recorder, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A service's settings, with those of its own, read as it reads them."""
    monkeypatch.setattr(os, "environ", env)
    if service == "registry":
        admission.settings.__wrapped__()
    if service == "insurance":
        connection.address()
        tax_office.address()
    if service == "subsidies":
        training_platform.address()
    if service == "notifier":
        notifier.from_environment()
        notifier.sms_from_environment()
        notifier.mail_from_environment()
        notifier.settling_time()
        notifier.has_quiet_hours()
        notifier.webhook_hosts()
    return from_environment(service, env)


def read_in_code(service: str) -> set[str]:
    """Every variable that the code of a service and of the chassis names where it reads its environment."""
    found: set[str] = set()
    for folder in (PROJECT / "shared", PROJECT / "services" / service):
        for file in folder.rglob("*.py"):
            text = file.read_text("utf-8")
            if "environ" in text or "shared.settings" in text:
                found |= set(_variables(ast.parse(text)))
    return found - OF_TESTS


def _variables(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in READERS:
            named = node.args
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).rpartition(".")[2] in ("env", "environ"):
            named = [node.slice]
        else:
            continue
        for one in named:
            if isinstance(one, ast.Constant) and re.fullmatch(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+", str(one.value)):
                yield str(one.value)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("role", ROLES)
def test_a_service_is_told_every_variable_that_it_reads(service: str, role: str, secrets: Path) -> None:
    given = {name.removesuffix("_FILE") for name in told(f"{service}-{role}", secrets)}
    read = {name.removesuffix("_FILE") for name in read_in_code(service)}
    assert "KAFKA_BOOTSTRAP" in read
    assert read - given == OF_THE_IMAGE


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("role", ROLES)
def test_a_service_reads_every_variable_that_it_is_told(
    service: str, role: str, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = told(f"{service}-{role}", secrets)
    settings = started(service, env, monkeypatch)
    assert {name for name in set(env) - env.read if not name.startswith("OTEL_")} == set()
    assert settings.mongo_uri.startswith(f"mongodb://{service}:")
    assert settings.mongo_database == service
    assert settings.kafka.replication == 3
    assert settings.kafka.idempotent
    assert (settings.kafka.username, settings.kafka.security) == (service, "SASL_SSL")
    assert settings.metrics_token == (secrets / "metrics-token").read_text()


def test_every_variable_that_a_service_reads_is_explained() -> None:
    explained = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", (PROJECT / "deploy" / "running.md").read_text("utf-8")))
    read = {name.removesuffix("_FILE") for service in SERVICES for name in read_in_code(service)}
    assert {name for name in read if name not in explained and f"{name}_FILE" not in explained} == set()


@pytest.mark.parametrize("name", [*ISSUER, *SANDBOXES])
def test_a_stand_in_is_told_what_it_reads(name: str, secrets: Path) -> None:
    file = PROJECT / "deploy" / READ_AT[name]
    read = set(_variables(ast.parse(file.read_text("utf-8"))))
    given = {variable.removesuffix("_FILE") for variable in told(name, secrets)}
    assert read - OF_THE_IMAGE == given


def test_every_secret_that_is_named_is_made(secrets: Path) -> None:
    """And none is made that nobody is given, but the authority's key, which stays where it is."""
    named = {Path(of["file"]).name for of in compose.project()["secrets"].values()}
    given = {file for name in compose.containers() for file in compose.secrets(name).values()}
    made = {file.name for file in secrets.iterdir()}
    assert named == given == made - {"kafka-ca.key"}


def test_the_sms_stand_in_finds_its_texts_in_the_image() -> None:
    folder = Path(compose.environment("sms", compose.variables("demo.env"))["SMS_TEMPLATES"])
    assert load_templates(PROJECT / folder.relative_to("/app"))


def test_every_path_under_run_secrets_is_mounted(secrets: Path) -> None:
    for name in compose.containers():
        given = compose.environment(name, compose.variables("demo.env"))
        asked = {value for value in given.values() if value.startswith("/run/secrets/")}
        assert asked <= set(compose.secrets(name)), name


def test_a_service_is_given_no_secret_of_another() -> None:
    for service in SERVICES:
        for role in ROLES:
            files = set(compose.secrets(f"{service}-{role}").values())
            others = [other for other in SERVICES if other != service]
            assert not [file for file in files if file.startswith(tuple(f"{other}-" for other in others))]


def test_ports_are_the_documented_ones_and_only_on_this_machine() -> None:
    published = {}
    for name, of in compose.containers().items():
        for port in of.get("ports", []):
            found = PORT.fullmatch(port)
            assert found is not None, f"{name} publishes {port}"
            published[name] = (found[1], int(found[2]))
    assert published == {
        **{f"{name}-api": (f"{name.upper()}_PORT", port) for name, port in SERVICES.items()},
        **{name: (f"{name.upper()}_PORT", port) for name, port in {**ISSUER, **SANDBOXES}.items()},
        "prometheus": ("PROMETHEUS_PORT", 9090),
        "grafana": ("GRAFANA_PORT", 3000),
    }


@pytest.mark.parametrize("name", compose.project()["services"])
def test_a_container_is_shut_in(name: str) -> None:
    """It changes nothing but its volumes and /tmp, has no powers, bounded means, and a log that does not grow for ever."""
    found = compose.container(name)
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert found.get("privileged") is None
    assert set(found["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert found["logging"]["options"].keys() == {"max-size", "max-file"}
    assert found["restart"] == ("no" if name.endswith(("-setup", "-migrate")) else "unless-stopped")
    assert ":" in found["image"]
    assert not found["image"].endswith(":latest")


def test_what_runs_on_is_watched_and_what_ends_is_waited_for() -> None:
    for name, of in compose.containers().items():
        once = name.endswith(("-setup", "-migrate"))
        if not once and name != "otel-collector":  # whose image has nothing to ask with
            assert "test" in of["healthcheck"], name
        for other, how in of.get("depends_on", {}).items():
            ends = other.endswith(("-setup", "-migrate"))
            assert how["condition"] == ("service_completed_successfully" if ends else "service_healthy"), name


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_after_its_servers_and_migration(service: str) -> None:
    def before(name: str) -> set[str]:
        direct = set(compose.container(name).get("depends_on", {}))
        return direct.union(*(before(other) for other in direct)) if direct else direct

    servers = {f"{kind}-{number}" for kind in ("mongo", "kafka") for number in (1, 2, 3)}
    for role in ("api", "worker"):
        assert before(f"{service}-{role}") == servers | {"mongo-setup", "kafka-setup", f"{service}-migrate"}
    assert compose.container(f"{service}-migrate")["command"] == [f"services.{service}", "migrate"]


def test_databases_and_broker_are_reached_from_inside_alone() -> None:
    networks = compose.project()["networks"]
    assert {name for name, of in networks.items() if not of.get("internal")} == {"outside"}
    reached = {
        f"{kind}-{number}": of for kind, of in (("mongo", "database"), ("kafka", "events")) for number in (1, 2, 3)
    }
    assert {name: compose.container(name)["networks"] for name in reached} == {
        name: [of] for name, of in reached.items()
    }


@pytest.mark.parametrize("file", ENV_FILES)
def test_an_env_file_says_what_must_be_said_and_no_more(file: str) -> None:
    text = (compose.FOLDER.parent / "compose.yaml").read_text() + (compose.FOLDER / "parts.yaml").read_text()
    asked = dict(re.findall(r"\$\{(\w+):([-?])", text))
    said = set(compose.variables(file)) - {"COMPOSE_PROFILES"}
    assert {name for name, how in asked.items() if how == "?"} <= said <= set(asked)
