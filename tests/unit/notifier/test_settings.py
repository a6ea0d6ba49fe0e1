"""What the notifier reads from its environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.notifier.settings import from_environment, mail_from_environment, sms_from_environment, webhook_hosts
from shared.settings import SettingMissing

PUSH = {"PUSH_URL": "http://push.example", "PUSH_SECRET": "push-secret", "RECEIPT_SECRET": "receipts-secret"}
ALIYUN = {"SMS_URL": "http://sms.example", "SMS_ACCESS_KEY_ID": "id", "SMS_ACCESS_KEY_SECRET": "sms-secret"}


def tencent(directory: Path) -> dict[str, str]:
    file = directory / "templates.yaml"
    file.write_text("case_opened_worker: 1234567\n")
    return {
        "TENCENT_SMS_URL": "https://tencent.example",
        "TENCENT_SMS_SECRET_ID": "id",
        "TENCENT_SMS_SECRET_KEY": "key",
        "TENCENT_SMS_APP_ID": "1400006666",
        "TENCENT_SMS_RECEIPT_TOKEN": "token",
        "TENCENT_SMS_TEMPLATES": str(file),
    }


def test_a_missing_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingMissing, match="PUSH_URL"):
        from_environment({})
    with pytest.raises(SettingMissing, match="neither SMS_URL nor TENCENT_SMS_URL"):
        sms_from_environment(PUSH)
    for account in (ALIYUN, tencent(tmp_path)):
        for name in account.keys() - {"SMS_URL", "TENCENT_SMS_URL"}:
            with pytest.raises(SettingMissing, match=name):
                sms_from_environment(account | {name: ""})


def test_one_provider_is_enough_and_both_are_possible(tmp_path: Path) -> None:
    one, other = sms_from_environment(ALIYUN), sms_from_environment(tencent(tmp_path))
    assert (one.aliyun is not None, one.tencent) == (True, None)
    assert other.aliyun is None
    assert other.tencent is not None
    assert other.tencent.templates == {"case_opened_worker": 1_234_567}
    both = sms_from_environment(ALIYUN | tencent(tmp_path))
    assert None not in (both.aliyun, both.tencent)
    assert both.resting_share == 50


@pytest.mark.parametrize("share", ["101", "-1", "half"])
def test_a_share_that_cannot_be_is_refused(share: str) -> None:
    with pytest.raises(SettingMissing, match="SMS_RESTING_SHARE"):
        sms_from_environment(ALIYUN | {"SMS_RESTING_SHARE": share})


@pytest.mark.parametrize("text", ["- 1", "case_opened_worker: twelve", "{"])
def test_a_file_of_templates_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(text)
    for path in (file, tmp_path / "nowhere.yaml"):
        with pytest.raises(SettingMissing, match="TENCENT_SMS_TEMPLATES"):
            sms_from_environment(tencent(tmp_path) | {"TENCENT_SMS_TEMPLATES": str(path)})


def test_secrets_come_from_files_where_files_are_named(tmp_path: Path) -> None:
    for name in ("sms", "push", "receipts"):
        (tmp_path / name).write_text(f"{name}-secret\n")
    env = {
        "SMS_URL": "http://sms.example",
        "SMS_ACCESS_KEY_ID": "id",
        "SMS_ACCESS_KEY_SECRET_FILE": str(tmp_path / "sms"),
        "PUSH_URL": "http://push.example",
        "PUSH_SECRET_FILE": str(tmp_path / "push"),
        "RECEIPT_SECRET_FILE": str(tmp_path / "receipts"),
    }
    settings, accounts = from_environment(env), sms_from_environment(env)
    assert accounts.aliyun is not None
    assert (accounts.aliyun.secret, settings.push_secret, settings.receipt_secret) == (
        "sms-secret",
        "push-secret",
        "receipts-secret",
    )
    with pytest.raises(SettingMissing, match="PUSH_SECRET_FILE cannot be read"):
        from_environment(env | {"PUSH_SECRET_FILE": str(tmp_path / "nowhere")})


def test_no_host_inside_is_called_but_those_that_are_named() -> None:
    assert webhook_hosts({}) == frozenset()
    assert webhook_hosts({"WEBHOOK_ALLOW_HOSTS": " Receiver.local, 127.0.0.1,"}) == {"receiver.local", "127.0.0.1"}


MAIL = {"SMTP_HOST": "smtp.example", "SMTP_FROM": "xindun@city.example"}


def test_without_a_host_there_is_no_mail() -> None:
    assert mail_from_environment({}) is None
    assert mail_from_environment({"SMTP_HOST": "", "SMTP_FROM": "nonsense"}) is None


@pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_port_of_the_mail_server_follows_its_tls(tls: str, port: int) -> None:
    found = mail_from_environment(MAIL | {"SMTP_TLS": tls, "SMTP_PORT": ""})
    assert found is not None
    assert (found.port, found.user) == (port, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_FROM", ""),
        ("SMTP_FROM", "a@b.example\r\nBcc: c@d.example"),
        ("SMTP_TLS", "maybe"),
        ("SMTP_PORT", "smtp"),
        ("SMTP_CA_FILE", "/nowhere.pem"),
    ],
)
def test_a_mail_setting_that_cannot_be_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingMissing, match=name):
        mail_from_environment(MAIL | {name: value})


def test_a_mail_user_needs_a_password() -> None:
    with pytest.raises(SettingMissing, match="SMTP_PASSWORD"):
        mail_from_environment(MAIL | {"SMTP_USER": "xindun"})
