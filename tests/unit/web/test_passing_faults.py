"""A fault of the database that passes is answered with 503, so that whoever asked asks again; any other with 500."""

from __future__ import annotations

import httpx2
import pytest
from fastapi import FastAPI
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    OperationFailure,
    PyMongoError,
    WriteConcernError,
    WTimeoutError,
)
from structlog.testing import capture_logs

from shared.web.problems import add_problem_handlers

NO_MAJORITY = {"code": 64, "errmsg": "waiting for replication timed out"}


async def answer_to(fault: PyMongoError) -> httpx2.Response:
    app = FastAPI()
    add_problem_handlers(app)

    @app.get("/")
    async def fail() -> None:
        raise fault

    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://service.test") as http:
        with capture_logs():
            return await http.get("/")


@pytest.mark.parametrize(
    "fault",
    [
        AutoReconnect("away"),
        WTimeoutError("no majority in time", 64),
        WriteConcernError("no majority", 64),
        BulkWriteError({"writeErrors": [], "writeConcernErrors": [NO_MAJORITY]}),
        OperationFailure("stepping down", 189),
    ],
)
async def test_what_passes_by_itself_asks_for_another_try(fault: PyMongoError) -> None:
    answer = await answer_to(fault)
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/unavailable"


@pytest.mark.parametrize("fault", [DuplicateKeyError("张三"), OperationFailure("张三 is not a document", 9)])
async def test_what_does_not_pass_is_our_fault_and_quotes_nothing(fault: PyMongoError) -> None:
    answer = await answer_to(fault)
    assert answer.status_code == 500
    assert "张三" not in answer.text
