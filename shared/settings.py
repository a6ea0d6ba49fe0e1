"""What a service is told by its environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from shared import clock

Security = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
"""How a connection to Kafka is kept: in clear or by TLS, with or without a sign-in (SASL)."""

Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]
"""How a client signs in by SASL."""


class SettingMissing(RuntimeError):
    """A variable that the service cannot do without is not set, or says what cannot be."""


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """How Kafka is reached.

    `tls_ca` is the file of the authorities that may vouch for the brokers; the system's where there is none. `idempotent`
    switches Kafka's idempotent producer on: a safeguard that correctness never rests on, and that the embedded broker does
    not have. `replication` is how many replicas a topic is created with, and `most_partitions` how many partitions at the
    most, whatever it declares: for one machine, where one process takes them all and each is work to the embedded broker.
    `session_seconds` is how long a process may be silent before its partitions go to another; the embedded broker waits half
    of it before a group may begin. `rest_seconds` is how long a group that has nothing to do waits between fetches: for the
    embedded broker, to which every empty fetch is work; a real one holds a fetch until something comes.
    """

    bootstrap: str
    idempotent: bool = False
    replication: int = 1
    most_partitions: int | None = None
    session_seconds: float = 10.0
    rest_seconds: float = 0.0
    security: Security = "PLAINTEXT"
    tls_ca: Path | None = None
    mechanism: Mechanism | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where a service's servers are and how it is reached.

    `metrics_token` is the bearer token that `/metrics` takes besides an operator's; none where it is empty.
    """

    mongo_uri: str
    mongo_database: str
    kafka: KafkaSettings
    keys_file: Path
    issuer: str
    jwks_url: str
    audience: str
    http_host: str
    http_port: int
    log_level: str
    metrics_token: str = ""


def from_environment(service: str, env: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of a service; raises `SettingMissing` with the name of the variable."""
    check_clock(need(env, "OIDC_ISSUER"), clock.DAYS_AHEAD)
    return Settings(
        mongo_uri=secret(env, "MONGO_URI"),
        mongo_database=env.get("MONGO_DATABASE", service),
        kafka=kafka_from_environment(env),
        keys_file=Path(need(env, "KEYS_FILE")),
        issuer=need(env, "OIDC_ISSUER"),
        jwks_url=need(env, "OIDC_JWKS_URL"),
        audience=env.get("OIDC_AUDIENCE", "xindun"),
        http_host=env.get("HTTP_HOST", "127.0.0.1"),
        http_port=int(env.get("HTTP_PORT", "8000")),
        log_level=env.get("LOG_LEVEL", "info"),
        metrics_token=_or_file(env, "METRICS_TOKEN"),
    )


def check_clock(issuer: str, days_ahead: int) -> None:
    """Raise `SettingMissing` where the clock is not to be ahead: whose issuer is not on this machine is no demo."""
    if days_ahead and (days_ahead < 0 or urlsplit(issuer).hostname not in ("127.0.0.1", "localhost")):
        raise SettingMissing("DEMO_DAYS_AHEAD is for the demo on one machine alone, and goes ahead alone")


def kafka_from_environment(env: Mapping[str, str]) -> KafkaSettings:
    """How the environment says that Kafka is reached; raises `SettingMissing`."""
    security = _one_of(env, "KAFKA_SECURITY", get_args(Security), "PLAINTEXT")
    signs_in = security.startswith("SASL_")
    return KafkaSettings(
        bootstrap=need(env, "KAFKA_BOOTSTRAP"),
        idempotent=env.get("KAFKA_IDEMPOTENT", "false").lower() == "true",
        replication=int(env.get("KAFKA_REPLICATION", "1")),
        most_partitions=int(env["KAFKA_MOST_PARTITIONS"]) if env.get("KAFKA_MOST_PARTITIONS") else None,
        session_seconds=float(env.get("KAFKA_SESSION_SECONDS", "10")),
        rest_seconds=float(env.get("KAFKA_REST_SECONDS", "0")),
        security=cast(Security, security),
        tls_ca=Path(env["KAFKA_TLS_CA"]) if env.get("KAFKA_TLS_CA") else None,
        mechanism=cast(Mechanism, _one_of(env, "KAFKA_SASL_MECHANISM", get_args(Mechanism))) if signs_in else None,
        username=need(env, "KAFKA_SASL_USERNAME") if signs_in else None,
        password=secret(env, "KAFKA_SASL_PASSWORD") if signs_in else None,
    )


def need(env: Mapping[str, str], name: str) -> str:
    """What a variable says; raises `SettingMissing` with its name where it says nothing."""
    value = env.get(name, "")
    if not value:
        raise SettingMissing(f"{name} is not set")
    return value


def secret(env: Mapping[str, str], name: str) -> str:
    """A secret by its variable or from the file that `<name>_FILE` names; raises `SettingMissing` where neither holds one."""
    value = _or_file(env, name)
    if not value:
        raise SettingMissing(f"neither {name} nor {name}_FILE is set")
    return value


def _or_file(env: Mapping[str, str], name: str) -> str:
    file = env.get(f"{name}_FILE", "")
    if not file:
        return env.get(name, "")
    try:
        return Path(file).read_text("utf-8").strip()
    except OSError as error:
        raise SettingMissing(f"the file of {name}_FILE cannot be read: {error.strerror}") from error


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
    value = env.get(name) or default or need(env, name)
    if value not in allowed:
        raise SettingMissing(f"{name} can be {', '.join(allowed)}")
    return value
