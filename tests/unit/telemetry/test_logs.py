"""Logs carry no personal data, whoever wrote it there."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from shared.telemetry import logs


@pytest.fixture(autouse=True)
def restored() -> object:
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    yield
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_identity_numbers_and_phones_are_masked_in_every_value(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("registry", "info")
    log = structlog.get_logger("test")
    log.info("worker.known", number="51060319900101001X", nested={"phones": ["13812345678"]})
    logging.getLogger("some.library").warning("could not send to %s", "13812345678")
    try:
        raise ValueError("bad number 51060319900101001X")
    except ValueError:
        log.exception("failed")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 3
    assert all("19900101" not in json.dumps(line) and "12345678" not in json.dumps(line) for line in lines)
    assert lines[0]["service"] == "registry"
    assert "ValueError" in lines[2]["exception"]
