"""The secrets of deploy/compose.yaml: made once, whole, and for whoever may read them."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from pymongo.uri_parser import parse_uri

from deploy.compose.make_secrets import Incomplete, make_all
from services.notifier.notices.table import TEMPLATES
from shared.storage import keys
from tests import compose


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("secrets") / "made"
    make_all(directory)
    return directory


@pytest.fixture
def made(once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(once, tmp_path / "secrets"))


def content(directory: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in directory.iterdir()}


def test_nothing_that_is_there_is_made_again(made: Path) -> None:
    """What somebody else gave stays, and what was taken away is made anew."""
    (made / "push-secret").unlink()
    (made / "push-secret").write_text("given by the gateway")
    (made / "metrics-token").unlink()
    before = content(made)
    assert make_all(made) == ["metrics-token"]
    after = content(made)
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() == {"metrics-token"}
    assert make_all(made) == []


def test_every_template_has_a_number(made: Path) -> None:
    """One that was put there and lacks some is not taken for whole."""
    file = made / "tencent-sms-templates"
    numbers = yaml.safe_load(file.read_text())
    assert numbers.keys() == TEMPLATES.keys()
    assert len(set(numbers.values())) == len(numbers)
    file.unlink()
    file.write_text("case_opened_worker: 42\n")
    with pytest.raises(Incomplete, match="case_accepted_worker"):
        make_all(made)
    assert file.read_text() == "case_opened_worker: 42\n"


def test_a_container_may_read_its_file_and_no_stranger_may(once: Path) -> None:
    assert stat.S_IMODE(once.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in once.iterdir()} == {0o444}


def test_no_two_secrets_are_the_same(once: Path) -> None:
    values = list(content(once).values())
    assert len(set(values)) == len(values)


@pytest.mark.parametrize("service", compose.SERVICES)
def test_a_service_can_open_what_its_keys_are_for(once: Path, service: str) -> None:
    keys.read(once / f"{service}-keys.json")
    rings, registry = (json.loads((once / f"{name}-keys.json").read_text())["rings"] for name in (service, "registry"))
    assert {"storage", "index"} <= rings.keys()
    shared = rings.keys() & registry.keys() - {"storage", "index"}
    assert all(rings[name] == registry[name] for name in shared)


@pytest.mark.parametrize("service", compose.SERVICES)
def test_a_uri_names_the_set_and_the_services_own_user(once: Path, service: str) -> None:
    named = parse_uri((once / f"{service}-mongo-uri").read_text())
    assert named["nodelist"] == [("mongo-1", 27017), ("mongo-2", 27017), ("mongo-3", 27017)]
    assert (named["username"], named["database"]) == (service, service)
    assert named["options"]["replicaSet"] == "xindun"
    assert named["options"]["authSource"] == service


def test_the_authority_vouches_for_each_broker_by_its_name(once: Path) -> None:
    authority = x509.load_pem_x509_certificate((once / "kafka-ca.crt").read_bytes())
    for host in ("kafka-1", "kafka-2", "kafka-3"):
        certificate = x509.load_pem_x509_certificate((once / f"{host}.pem").read_bytes())
        certificate.verify_directly_issued_by(authority)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert names.get_values_for_type(x509.DNSName) == [host]


def test_new_key_rings_never_stand_beside_old_ones(made: Path) -> None:
    """They would open nothing of what is stored."""
    (made / "insurance-keys.json").unlink()
    before = content(made)
    with pytest.raises(Incomplete, match=r"insurance-keys\.json missing"):
        make_all(made)
    assert content(made) == before


def test_a_certificate_is_renewed_by_the_same_authority(made: Path) -> None:
    (made / "kafka-2.pem").unlink()
    assert make_all(made) == ["kafka-2.pem"]
    authority = x509.load_pem_x509_certificate((made / "kafka-ca.crt").read_bytes())
    x509.load_pem_x509_certificate((made / "kafka-2.pem").read_bytes()).verify_directly_issued_by(authority)


def test_the_authoritys_key_may_be_kept_elsewhere(made: Path) -> None:
    """Nothing is asked of it until a certificate is to be made."""
    (made / "kafka-ca.key").unlink()
    assert make_all(made) == []
    (made / "kafka-2.pem").unlink()
    with pytest.raises(Incomplete, match=r"kafka-ca\.key"):
        make_all(made)
