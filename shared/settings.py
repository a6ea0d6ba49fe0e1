"""What a service is told by its environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingMissing(RuntimeError):
    """A variable that the service cannot do without is not set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where a service's servers are and how it is reached.

    `kafka_idempotent` switches Kafka's idempotent producer on: a safeguard that correctness never rests on, and that
    the embedded broker does not have. `kafka_replication` is how many replicas a topic is created with.
    """

    mongo_uri: str
    mongo_database: str
    kafka_bootstrap: str
    kafka_idempotent: bool
    kafka_replication: int
    keys_file: Path
    issuer: str
    jwks_url: str
    audience: str
    http_host: str
    http_port: int
    log_level: str


def from_environment(service: str, env: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of a service; raises `SettingMissing` with the name of the variable."""

    def need(name: str) -> str:
        value = env.get(name, "")
        if not value:
            raise SettingMissing(f"{name} is not set")
        return value

    return Settings(
        mongo_uri=need("MONGO_URI"),
        mongo_database=env.get("MONGO_DATABASE", service),
        kafka_bootstrap=need("KAFKA_BOOTSTRAP"),
        kafka_idempotent=env.get("KAFKA_IDEMPOTENT", "false").lower() == "true",
        kafka_replication=int(env.get("KAFKA_REPLICATION", "1")),
        keys_file=Path(need("KEYS_FILE")),
        issuer=need("OIDC_ISSUER"),
        jwks_url=need("OIDC_JWKS_URL"),
        audience=env.get("OIDC_AUDIENCE", "xindun"),
        http_host=env.get("HTTP_HOST", "127.0.0.1"),
        http_port=int(env.get("HTTP_PORT", "8000")),
        log_level=env.get("LOG_LEVEL", "info"),
    )
