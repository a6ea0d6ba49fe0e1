"""The secrets and keys of one stack, made once in its directory and readable by its owner alone."""

import base64
import json
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
TRANSIT = {
    "registry": ("for-registry", "for-insurance", "for-notifier", "for-subsidies"),
    "insurance": ("for-insurance", "for-notifier-kin"),
    "complaints": (),
    "subsidies": ("for-subsidies", "for-notifier-provider"),
    "notifier": ("for-notifier", "for-notifier-kin", "for-notifier-provider"),
}
"""The rings that each service may open, besides its own: what is sealed for a service can be opened by it alone, and
by whoever seals it: the registry, of next of kin insurance, and of bodies that train subsidies, which therefore open nothing else of
the notifier's."""

NAMES = (
    *("PROVINCIAL_SECRET", "SMS_ACCESS_KEY_ID", "SMS_ACCESS_KEY_SECRET", "PUSH_SECRET", "RECEIPT_SECRET"),
    *("TENCENT_SMS_SECRET_ID", "TENCENT_SMS_SECRET_KEY", "TENCENT_SMS_RECEIPT_TOKEN", "SMTP_PASSWORD"),
    "TRAINING_PLATFORM_SECRET",
    "TAX_OFFICE_SECRET",
)


def key_files(directory: Path) -> dict[str, Path]:
    """Each service's file of key rings under `directory`/keys, made where it is missing; a ring that came later is added."""
    files = {service: directory / "keys" / f"{service}.json" for service in TRANSIT}
    if not all(file.exists() for file in files.values()):
        for service, text in new_rings().items():
            _keep(files[service], text)
    _add_rings(files)
    return files


def _add_rings(files: dict[str, Path]) -> None:
    kept = {service: json.loads(file.read_text()) for service, file in files.items()}
    known = {name: ring for found in kept.values() for name, ring in found["rings"].items() if name.startswith("for-")}
    for service, names in TRANSIT.items():
        if missing := [name for name in names if name not in kept[service]["rings"]]:
            kept[service]["rings"] |= {name: known.setdefault(name, _ring()) for name in missing}
            _keep(files[service], json.dumps(kept[service], indent=1))


def new_rings() -> dict[str, str]:
    """A new key file for each service, as text."""
    transit = {ring: _ring() for rings in TRANSIT.values() for ring in rings}
    return {
        service: json.dumps(
            {"rings": {"storage": _ring(), "index": _ring()} | {ring: transit[ring] for ring in rings}}, indent=1
        )
        for service, rings in TRANSIT.items()
    }


def shared_secrets(directory: Path) -> dict[str, str]:
    """The secrets between the services and the sandboxes, by the variable that carries them; those that are missing are made."""
    file = directory / "keys" / "secrets.json"
    found: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    if missing := [name for name in NAMES if name not in found]:
        found |= {name: _new(name) for name in missing}
        _keep(file, json.dumps(found, indent=1))
    return found


def client_secret(directory: Path) -> str:
    """The secret for every client of the local issuer: LOCAL_CLIENT_SECRET, or what `client-secret` holds."""
    given = os.environ.get("LOCAL_CLIENT_SECRET")
    if given:
        return given
    file = directory / "client-secret"
    if not file.exists():
        _keep(file, secrets.token_urlsafe(24))
    return file.read_text().strip()


def _ring() -> dict[str, Any]:
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return {"current": "k1", "since": datetime.now(SHANGHAI).date().isoformat(), "keys": {"k1": key}}


def new_secret() -> str:
    """A secret in the shape that Standard Webhooks asks for; where another is wanted it is as good as any."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def new_token() -> str:
    """A secret that may stand in an address."""
    return secrets.token_urlsafe(32)


def _new(name: str) -> str:
    """What an account is called stands in a header among slashes and commas: it has letters and digits alone."""
    if name.endswith("_ID"):
        return secrets.token_hex(16)
    return new_token() if name.endswith("_TOKEN") else new_secret()


def _keep(file: Path, text: str) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as output:
        output.write(text)
