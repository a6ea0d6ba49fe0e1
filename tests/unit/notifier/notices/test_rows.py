"""Rows that cannot work are found when they are read, with every reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.notifier.notices import table
from services.notifier.notices.rows import Row, faults_of

GOOD: dict[str, Any] = {
    "event": "insurance.claim.deadline_near.v1",
    "to": "worker",
    "when": {"step": "apply"},
    "title": "title",
    "text": "${number} ${due_on}",
}


def faults(**changed: Any) -> str:
    return "; ".join(faults_of(msgspec.convert(GOOD | changed, Row)))


def test_a_row_that_can_work_has_no_fault() -> None:
    assert faults() == ""


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"event": "insurance.claim.forgotten.v1"}, "there is no event insurance.claim.forgotten.v1"),
        ({"to": "provider"}, "has no provider"),
        ({"text": "${number} ${injury}"}, "has no injury"),
        ({"when": {"colour": "red"}}, "has no colour"),
        ({"when": {"step": ["apply", "dance"]}}, "step is never dance"),
        ({"values": {"amount": {"of": "number"}}}, "the text has no place amount"),
        ({"text": "${step}", "values": {"step": {"words": {"apply": "申请"}}}}, "step has no word for"),
        ({"channels": ["email"]}, "worker cannot be reached by email"),
        ({"to": "platform", "channels": ["push"]}, "platform cannot be reached by push"),
        ({"to": "platform", "channels": ["sms", "sms"]}, "platform cannot be reached by sms, sms"),
        ({"to": "officer", "department": "hrss"}, "has no officer"),
        ({"text": "${gone}", "values": {"gone": {"of": "due_by"}}}, "has no due_by"),
    ],
)
def test_what_a_row_cannot_do_is_said(changed: dict[str, Any], reason: str) -> None:
    assert reason in faults(**changed)


def test_a_misspelt_word_of_a_row_is_no_row() -> None:
    with pytest.raises(msgspec.ValidationError, match="urgnt"):
        msgspec.convert(GOOD | {"urgnt": True}, Row)


def test_the_same_code_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_bytes(msgspec.yaml.encode({"claim_near": GOOD}))
    with pytest.raises(ValueError, match=r"two.yaml has rows that another file has: \['claim_near'\]"):
        table.read(tmp_path)


def test_an_event_has_somebody_to_tell_or_a_reason(tmp_path: Path) -> None:
    reasons = "\n".join(f"  - {name.removeprefix('cn.deyang.')}" for name in table.SILENCE)
    (tmp_path / table.SILENT).write_text(f"some reason:\n{reasons}\n")
    rows = dict(table.ROWS)
    assert table.silent(tmp_path, rows).keys() == table.SILENCE.keys()
    rows.pop("outlet_bill_paid_insurer")
    gone = rows.pop("bill_paid_platform")
    with pytest.raises(ValueError, match=r"nobody hears of cn.deyang.insurance.bill.paid.v1"):
        table.silent(tmp_path, rows)
    (tmp_path / table.SILENT).write_text(f"some reason:\n{reasons}\n  - {gone.event}\n")
    with pytest.raises(ValueError, match=r"somebody hears of cn.deyang.insurance.bill.paid.v1"):
        table.silent(tmp_path, rows | {"bill_paid_platform": gone})
