"""What the notifier reads from its environment: the gateways, and how long messages are held."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings import need, secret


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """Where the gateways are, and the secrets shared with them. `receipt_secret` is what their receipts are signed with."""

    sms_url: str
    sms_key_id: str
    sms_key_secret: str
    push_url: str
    push_secret: str
    receipt_secret: str


def from_environment(env: Mapping[str, str] | None = None) -> GatewaySettings:
    """Read the settings; raises `SettingMissing` with the name of the variable."""
    values = os.environ if env is None else env
    return GatewaySettings(
        sms_url=need(values, "SMS_URL"),
        sms_key_id=need(values, "SMS_ACCESS_KEY_ID"),
        sms_key_secret=secret(values, "SMS_ACCESS_KEY_SECRET"),
        push_url=need(values, "PUSH_URL"),
        push_secret=secret(values, "PUSH_SECRET"),
        receipt_secret=secret(values, "RECEIPT_SECRET"),
    )


def has_quiet_hours() -> bool:
    """Whether the quiet hours of the parameters hold: everywhere but where `QUIET_HOURS=off` (nobody sleeps in a trial)."""
    return os.environ.get("QUIET_HOURS", "on") != "off"


SETTLING_SECONDS = 120.0


def settling_time() -> dt.timedelta:
    """How long a message is held that a later event may take back (`SETTLING_SECONDS`)."""
    return dt.timedelta(seconds=float(os.environ.get("SETTLING_SECONDS", SETTLING_SECONDS)))


WEBHOOKS_PER_PLATFORM = 5
"""How many webhooks one platform may have."""


def webhook_hosts(env: Mapping[str, str] | None = None) -> frozenset[str]:
    """The hosts that webhooks may go to by HTTP and at private addresses (`WEBHOOK_ALLOW_HOSTS`, apart by commas)."""
    values = os.environ if env is None else env
    return frozenset(name.strip().lower() for name in values.get("WEBHOOK_ALLOW_HOSTS", "").split(",") if name.strip())
