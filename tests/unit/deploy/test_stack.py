"""What the stack gives each process."""

import json
import stat
from pathlib import Path

import pytest

from deploy.local import keys
from deploy.local.outside import APPS
from deploy.local.stack import ISSUER, SANDBOXES, SERVICES, Stack, make_stack, outside_together
from services.notifier.notices.table import TEMPLATES
from services.notifier.settings import sms_from_environment

VARIABLES = (
    "KAFKA_BOOTSTRAP",
    "MONGO_URI",
    "BROKER",
    "DATABASE",
    "KAFKA_IDEMPOTENT",
    "LOCAL_CLIENT_SECRET",
    "REGISTRY_PORT",
)


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


def environment(stack: Stack, name: str) -> dict[str, str]:
    return next(dict(program.environment) for program in stack.programs if program.name == name)


def rings(stack: Stack, service: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(Path(environment(stack, service)["KEYS_FILE"]).read_text())["rings"]
    return found


def test_the_documented_ports_are_used(tmp_path: Path) -> None:
    assert make_stack(tmp_path).ports() == {
        "mongo": 27117,
        "kafka": 19092,
        "issuer": 8100,
        "provincial": 8101,
        "sms": 8102,
        "push": 8103,
        "mailbox": 8104,
        "mailbox_smtp": 8125,
        "registry": 8001,
        "insurance": 8002,
        "complaints": 8003,
        "subsidies": 8004,
        "notifier": 8005,
    }


def test_a_port_is_moved_for_everybody_who_needs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFIER_PORT", "9005")
    monkeypatch.setenv("KAFKA_PORT", "9092")
    stack = make_stack(tmp_path)
    assert environment(stack, "notifier")["HTTP_PORT"] == "9005"
    assert environment(stack, "sms")["RECEIPT_URL"] == "http://127.0.0.1:9005/v1/sms-receipts"
    assert {environment(stack, name)["KAFKA_BOOTSTRAP"] for name in SERVICES} == {"127.0.0.1:9092"}


def test_servers_that_run_already_are_used_and_none_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP", "kafka.example:9092")
    monkeypatch.setenv("MONGO_URI", "mongodb://db.example:27017")
    stack = make_stack(tmp_path)
    assert not {"kafka", "mongo"} & set(stack.ports())
    assert environment(stack, "registry")["KAFKA_BOOTSTRAP"] == "kafka.example:9092"
    assert environment(stack, "registry")["KAFKA_IDEMPOTENT"] == "true"


def test_each_service_opens_only_what_is_sealed_for_it(tmp_path: Path) -> None:
    stack = make_stack(tmp_path)
    own = {"storage", "index"}
    assert set(rings(stack, "registry")) == own | {"for-registry", "for-insurance", "for-notifier", "for-subsidies"}
    assert set(rings(stack, "complaints")) == own
    kin, bodies = "for-notifier-kin", "for-notifier-provider"
    shared = {"insurance": {kin}, "subsidies": {bodies}, "notifier": {kin, bodies}}
    for sender, ring in (("insurance", kin), ("subsidies", bodies)):
        assert rings(stack, sender)[ring] == rings(stack, "notifier")[ring]
    for service, also in shared.items():
        assert set(rings(stack, service)) == own | {f"for-{service}"} | also
        assert rings(stack, service)[f"for-{service}"] == rings(stack, "registry")[f"for-{service}"]
    assert len({json.dumps(rings(stack, service)["storage"]) for service in SERVICES}) == len(SERVICES)


def test_a_secret_reaches_only_the_two_who_share_it(tmp_path: Path) -> None:
    stack = make_stack(tmp_path)
    holders = {
        name: {program.name for program in stack.programs if name in program.environment}
        for name in (*keys.NAMES, "LOCAL_CLIENT_SECRET")
    }
    assert holders == {
        "PROVINCIAL_SECRET": {"insurance", "provincial"},
        "SMS_ACCESS_KEY_ID": {"notifier", "sms"},
        "SMS_ACCESS_KEY_SECRET": {"notifier", "sms"},
        "TENCENT_SMS_SECRET_ID": {"notifier", "sms"},
        "TENCENT_SMS_SECRET_KEY": {"notifier", "sms"},
        "TENCENT_SMS_RECEIPT_TOKEN": {"notifier", "sms"},
        "PUSH_SECRET": {"notifier", "push"},
        "RECEIPT_SECRET": {"notifier", "sms", "push"},
        "SMTP_PASSWORD": {"notifier", "mailbox"},
        "TRAINING_PLATFORM_SECRET": {"subsidies", "provincial"},
        "TAX_OFFICE_SECRET": {"insurance", "provincial"},
        "LOCAL_CLIENT_SECRET": {"issuer"},
    }


def test_the_world_outside_can_be_one_process(tmp_path: Path) -> None:
    """Which is told what each of them would be told, apart from the others."""
    stack = make_stack(tmp_path)
    programs = {program.name: program for program in outside_together(stack.programs)}
    assert programs.keys() == {"mongo", "kafka", "outside", *SERVICES}
    told = json.loads(programs["outside"].environment["OUTSIDE"])
    assert told == {name: environment(stack, name) for name in (*ISSUER, *SANDBOXES)}
    assert told.keys() == APPS.keys()


def test_keys_and_secrets_are_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    first, again = make_stack(tmp_path), make_stack(tmp_path)
    assert first.client_secret == again.client_secret
    assert [program.environment for program in first.programs] == [program.environment for program in again.programs]
    files = [tmp_path / "client-secret", *(file for file in (tmp_path / "keys").iterdir())]
    assert len(files) == 7
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_stack_of_the_version_before_gets_what_it_lacks(tmp_path: Path) -> None:
    """Its other secrets stay: what is stored was made with them."""
    before = keys.shared_secrets(tmp_path)
    file = tmp_path / "keys" / "secrets.json"
    file.write_text(json.dumps({name: value for name, value in before.items() if not name.startswith("TENCENT")}))
    after = keys.shared_secrets(tmp_path)
    assert after.keys() == before.keys() == set(keys.NAMES)
    assert {name for name in after if after[name] != before[name]} == {n for n in after if n.startswith("TENCENT")}
    assert keys.shared_secrets(tmp_path) == after


def test_the_names_of_accounts_have_letters_and_digits_alone(tmp_path: Path) -> None:
    """A stroke in one would be read as its end, in the header that a call is signed in."""
    names = [name for name in keys.NAMES if name.endswith("_ID")]
    assert len(names) == 2
    found = [keys.shared_secrets(tmp_path / str(number))[name] for number in range(40) for name in names]
    assert [one for one in found if not one.isalnum()] == []


def test_the_notifier_can_send_by_two_providers(tmp_path: Path) -> None:
    """Each template has a number with the second one."""
    [notifier] = [program for program in make_stack(tmp_path).programs if program.name == "notifier"]
    found = sms_from_environment(notifier.environment)
    assert found.aliyun is not None
    assert found.tencent is not None
    assert found.tencent.templates.keys() == TEMPLATES.keys()


def test_the_embedded_broker_is_told_again_where_data_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where the database has data from before."""
    assert not make_stack(tmp_path).forgot
    (tmp_path / "mongo").mkdir()
    assert make_stack(tmp_path).forgot
    monkeypatch.setenv("BROKER", "apache")
    assert not make_stack(tmp_path).forgot


def test_an_unknown_broker_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROKER", "rabbit")
    with pytest.raises(ValueError, match="embedded or apache"):
        make_stack(tmp_path)
