"""On Kubernetes each variable that a service reads is set, and each that is set is read."""

from __future__ import annotations

import ast
import re
from itertools import product
from pathlib import Path

import pytest

from services.insurance.province import connection
from services.notifier import settings as notifier_settings
from shared.settings import from_environment
from tests.unit.deploy.kubernetes import OVERLAYS, SECRETS, environment, mounted
from tests.unit.project.code import SERVICES, modules

VARIABLE = re.compile(r"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$")
PLAIN, SECRET = ("need", "get", "_one_of"), ("secret", "_or_file")
"""The functions that read a variable, and those that read a secret: here always from a file."""

FOR_TESTS = {"XINDUN_CRASH_AT", "DEMO_DAYS_AHEAD"}
"""Variables of tests and of the demo, which no deployment sets."""
TEMPLATES = "tencent-sms-templates"
OF_TWO_PROVIDERS = {"province"}
"""The overlays whose SMS go through two providers."""
OPENTELEMETRY = "OTEL_"
"""These variables are read by OpenTelemetry itself, and none of them needs to be set."""

EVERYWHERE = pytest.mark.parametrize(("overlay", "service"), [*product(OVERLAYS, SERVICES)])


def read(folder: str) -> set[str]:
    """The variables that the code of a folder asks for."""
    found = set()
    for tree in modules(folder).values():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            texts = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
            variables = {text for text in texts if isinstance(text, str) and VARIABLE.match(text)}
            if name in PLAIN:
                found |= variables
            elif name in SECRET:
                found |= {f"{variable}_FILE" for variable in variables}
    return {one for one in found if not one.startswith(OPENTELEMETRY)}


@EVERYWHERE
def test_exactly_what_a_service_reads_is_set(overlay: str, service: str) -> None:
    given = {name for name in environment(overlay, service) if not name.startswith(OPENTELEMETRY)}
    assert given == (read("shared") | read(f"services/{service}")) - FOR_TESTS


def test_what_crashes_a_process_is_among_what_is_read() -> None:
    assert read("shared") >= FOR_TESTS


@EVERYWHERE
def test_a_service_can_read_its_settings(
    overlay: str, service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the files that are mounted, and no others."""
    for file in mounted(service):
        name = file.removeprefix(SECRETS)
        (tmp_path / name).write_text("case_opened_worker: 1" if name == TEMPLATES else name, "utf-8")
    given = {name: value.replace(SECRETS, f"{tmp_path}/") for name, value in environment(overlay, service).items()}
    found = from_environment(service, given)
    assert (found.mongo_database, found.mongo_uri, found.metrics_token) == (service, "mongo-uri", "metrics-token")
    assert (found.kafka.username, found.kafka.password) == (f"{service}-kafka", "kafka-password")
    assert (found.kafka.security, found.kafka.idempotent, found.kafka.replication) == ("SASL_SSL", True, 3)
    assert found.keys_file.exists()
    assert found.kafka.tls_ca is not None
    assert found.kafka.tls_ca.exists()
    if service == "notifier":
        gateways, sms = notifier_settings.from_environment(given), notifier_settings.sms_from_environment(given)
        assert sms.aliyun is not None
        assert (sms.aliyun.secret, gateways.push_secret) == ("sms-access-key-secret", "push-secret")
        assert (sms.tencent is not None) == (overlay in OF_TWO_PROVIDERS)
        if sms.tencent is not None:
            secrets = sms.tencent.secret_key, sms.tencent.receipt_token, dict(sms.tencent.templates)
            assert secrets == ("tencent-sms-secret-key", "tencent-sms-receipt-token", {"case_opened_worker": 1})
        assert gateways.receipt_secret == "receipt-secret"
        mail = notifier_settings.mail_from_environment(given)
        assert mail is not None
        assert (mail.host, mail.tls, mail.user, mail.password) == (
            "smtp.example",
            "starttls",
            "xindun",
            "smtp-password",
        )
    if service == "insurance":
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        assert connection.address().secret == "provincial-secret"


@EVERYWHERE
def test_no_secret_stands_in_a_variable(overlay: str, service: str) -> None:
    names = environment(overlay, service)
    named = {name for name in names if re.search(r"SECRET(?!_ID)|PASSWORD|TOKEN|_URI", name)}
    assert named
    assert all(name.endswith("_FILE") for name in named)
