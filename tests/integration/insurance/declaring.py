"""An employer declares whom it employs."""

from __future__ import annotations

from typing import Any

import httpx2

from shared.ids import new_id
from tests.harness import Harness, bearer


async def declare(
    insurance: Harness, uscc: str, enrolment_id: str, starts_on: str = "2026-09-01", expect: int = 201
) -> dict[str, Any]:
    """The answer to an employer's declaration over HTTP."""
    path = f"/v1/enrolments/{enrolment_id}/declarations"
    headers = bearer("platform", uscc=uscc) | {"Idempotency-Key": new_id()}
    answer = await insurance.http.post(path, json={"starts_on": starts_on}, headers=headers)
    assert answer.status_code == expect, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def send_sheet(insurance: Harness, uscc: str, *rows: str) -> httpx2.Response:
    """The answer to a sheet as CSV, below the form's heading."""
    text = "\n".join(["公民身份号码,姓名,用工之日", *rows])
    headers = bearer("platform", uscc=uscc) | {"content-type": "text/csv"}
    return await insurance.http.post("/v1/enrolment-declarations", content=text.encode(), headers=headers)
