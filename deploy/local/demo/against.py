"""The servers that a file names, for a demo against a stack that runs already.

The file is an env-file: `REGISTRY_URL`, `INSURANCE_URL`, `COMPLAINTS_URL`, `SUBSIDIES_URL`, `NOTIFIER_URL` and `ISSUER_URL`;
`LOCAL_CLIENT_SECRET` or `LOCAL_CLIENT_SECRET_FILE`, the secret of the issuer's clients; and where workers run apart from the
APIs `<SERVICE>_WORKER_URLS`, every one of them, by commas, since each knows only its own backlog. `SMS_URL`: the stand-in of
the SMS providers, where the text of a broadcast is filed; without it there is none. `DATABASE` and `BROKER` say
in words what the services run on, for the report. A relative path is one in the project.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.child import PROJECT
from deploy.local.stack import ISSUER, SERVICES
from shared.settings import SettingMissing, need, secret


class BadTarget(ValueError):
    """The file cannot be read, or does not say something that the demo needs; the text says what."""


@dataclass(frozen=True)
class Target:
    """Where the services are: their base addresses with the workers' and the issuer's, and what they run on, in words."""

    urls: dict[str, str]
    client_secret: str
    engines: dict[str, str]


def read_target(file: Path) -> Target:
    """The servers that `file` names.

    Raises:
        BadTarget: it cannot be read, or something is missing in it.
    """
    try:
        env = _variables(file)
        urls = {name: need(env, f"{name.upper()}_URL").rstrip("/") for name in (*SERVICES, *ISSUER)}
        client_secret = secret(env, "LOCAL_CLIENT_SECRET")
    except (OSError, SettingMissing) as error:
        raise BadTarget(f"{file}: {error}") from None
    if sms := env.get("SMS_URL"):
        urls["sms"] = sms.rstrip("/")
    for name in SERVICES:
        workers = [url.strip() for url in env.get(f"{name.upper()}_WORKER_URLS", "").split(",") if url.strip()]
        urls |= {f"{name}-worker-{number}": url.rstrip("/") for number, url in enumerate(workers)}
    engines = {name: env.get(name.upper(), f"as {file} names it") for name in ("database", "broker")}
    return Target(urls, client_secret, engines)


def _variables(file: Path) -> Mapping[str, str]:
    lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
    given = [line.partition("=") for line in lines if line and not line.startswith("#")]
    env = {name.strip(): value.strip() for name, _, value in given}
    if path := env.get("LOCAL_CLIENT_SECRET_FILE"):
        env["LOCAL_CLIENT_SECRET_FILE"] = str(PROJECT / path)
    return env
