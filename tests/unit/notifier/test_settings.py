"""What the notifier reads from its environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.notifier.settings import from_environment, webhook_hosts
from shared.settings import SettingMissing


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(SettingMissing, match="SMS_URL"):
        from_environment({})


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
    settings = from_environment(env)
    assert (settings.sms_key_secret, settings.push_secret, settings.receipt_secret) == (
        "sms-secret",
        "push-secret",
        "receipts-secret",
    )
    with pytest.raises(SettingMissing, match="PUSH_SECRET_FILE cannot be read"):
        from_environment(env | {"PUSH_SECRET_FILE": str(tmp_path / "nowhere")})


def test_no_host_inside_is_called_but_those_that_are_named() -> None:
    assert webhook_hosts({}) == frozenset()
    assert webhook_hosts({"WEBHOOK_ALLOW_HOSTS": " Receiver.local, 127.0.0.1,"}) == {"receiver.local", "127.0.0.1"}
