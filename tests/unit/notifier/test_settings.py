"""What the notifier reads from its environment."""

from __future__ import annotations

import pytest

from services.notifier.settings import from_environment
from shared.settings import SettingMissing


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(SettingMissing, match="SMS_URL"):
        from_environment({})
