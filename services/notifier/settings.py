"""What the notifier reads from its environment: the gateways, and how long messages are held."""

from __future__ import annotations

import datetime as dt
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

import msgspec

from shared.identity.emails import is_email
from shared.settings import SettingMissing, need, secret

RESTING_SHARE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """Where the push service is, and the secrets shared with it. `receipt_secret` is what the receipts of gateways are
    signed with."""

    push_url: str
    push_secret: str
    receipt_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AliyunSettings:
    """An account for SMS with Alibaba Cloud."""

    url: str
    key_id: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TencentSettings:
    """An account for SMS with Tencent Cloud.

    `templates`: the number that each of our templates has there. `receipt_token`: what the address holds that Tencent brings
    receipts to, since it does not sign them.
    """

    url: str
    secret_id: str
    secret_key: str
    app_id: str
    region: str
    receipt_token: str
    templates: Mapping[str, int]


Tls = Literal["starttls", "tls", "none"]
MAIL_PORTS: Mapping[Tls, int] = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """The mail server that e-mails go out by, and the address that they come from. `ca_file`: whom to trust that it is the right
    one; None: whom the machine trusts."""

    host: str
    port: int
    tls: Tls
    user: str | None
    password: str | None = field(repr=False)
    sender: str
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsSettings:
    """The accounts that there are, at least one. `resting_share`: how many of a hundred messages go by Alibaba Cloud where both
    providers are sound."""

    aliyun: AliyunSettings | None
    tencent: TencentSettings | None
    resting_share: int


def from_environment(env: Mapping[str, str] | None = None) -> GatewaySettings:
    """Read the settings; raises `SettingMissing` with the name of the variable."""
    values = os.environ if env is None else env
    return GatewaySettings(
        push_url=need(values, "PUSH_URL"),
        push_secret=secret(values, "PUSH_SECRET"),
        receipt_secret=secret(values, "RECEIPT_SECRET"),
    )


def sms_from_environment(env: Mapping[str, str] | None = None) -> SmsSettings:
    """Read the accounts of those providers whose address is set; raises `SettingMissing` with the name of the variable."""
    values = os.environ if env is None else env
    aliyun = _aliyun(values) if values.get("SMS_URL") else None
    tencent = _tencent(values) if values.get("TENCENT_SMS_URL") else None
    if aliyun is None and tencent is None:
        raise SettingMissing("neither SMS_URL nor TENCENT_SMS_URL is set")
    share = values.get("SMS_RESTING_SHARE", str(RESTING_SHARE))
    if not share.isdecimal() or int(share) > 100:
        raise SettingMissing("SMS_RESTING_SHARE can be 0 to 100")
    return SmsSettings(aliyun=aliyun, tencent=tencent, resting_share=int(share))


def mail_from_environment(env: Mapping[str, str] | None = None) -> MailSettings | None:
    """The mail server, or None where `SMTP_HOST` is not set; raises `SettingMissing` with the name of the variable."""
    values = os.environ if env is None else env
    if not values.get("SMTP_HOST"):
        return None
    tls = next((one for one in get_args(Tls) if one == (values.get("SMTP_TLS") or "starttls")), None)
    if tls is None:
        raise SettingMissing("SMTP_TLS can be starttls, tls or none")
    port = values.get("SMTP_PORT") or str(MAIL_PORTS[tls])
    if not port.isdecimal():
        raise SettingMissing("SMTP_PORT is no number")
    if not is_email(sender := need(values, "SMTP_FROM")):
        raise SettingMissing("SMTP_FROM is no e-mail address")
    user = values.get("SMTP_USER") or None
    password = secret(values, "SMTP_PASSWORD") if user else None
    ca_file = Path(values["SMTP_CA_FILE"]) if values.get("SMTP_CA_FILE") else None
    if ca_file is not None:
        _check_certificates(ca_file)
    return MailSettings(
        host=values["SMTP_HOST"], port=int(port), tls=tls, user=user, password=password, sender=sender, ca_file=ca_file
    )


def _check_certificates(file: Path) -> None:
    try:
        ssl.create_default_context(cafile=file)
    except (OSError, ssl.SSLError) as error:
        raise SettingMissing(f"the certificates of SMTP_CA_FILE cannot be read: {error}") from error


def _aliyun(env: Mapping[str, str]) -> AliyunSettings:
    return AliyunSettings(
        url=need(env, "SMS_URL"), key_id=need(env, "SMS_ACCESS_KEY_ID"), secret=secret(env, "SMS_ACCESS_KEY_SECRET")
    )


def _tencent(env: Mapping[str, str]) -> TencentSettings:
    return TencentSettings(
        url=need(env, "TENCENT_SMS_URL"),
        secret_id=need(env, "TENCENT_SMS_SECRET_ID"),
        secret_key=secret(env, "TENCENT_SMS_SECRET_KEY"),
        app_id=need(env, "TENCENT_SMS_APP_ID"),
        region=env.get("TENCENT_SMS_REGION", "ap-guangzhou"),
        receipt_token=secret(env, "TENCENT_SMS_RECEIPT_TOKEN"),
        templates=_template_numbers(Path(need(env, "TENCENT_SMS_TEMPLATES"))),
    )


def _template_numbers(file: Path) -> Mapping[str, int]:
    try:
        return msgspec.yaml.decode(file.read_bytes(), type=dict[str, int])
    except (OSError, msgspec.MsgspecError) as error:
        raise SettingMissing(f"the file of TENCENT_SMS_TEMPLATES cannot be read: {error}") from error


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
