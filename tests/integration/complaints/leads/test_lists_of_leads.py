"""Lists of leads, however many there are: a look reads what lies in its stretch of time, and not a department's whole range."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import pytest

from deploy.local.database import database_kind
from services.complaints.leads.documents import Lead
from shared import clock
from shared.storage.client import collection_of, storage
from tests.harness import Harness

RECENT = {"created_at": {"$gte": clock.now() - dt.timedelta(hours=1)}}


@pytest.mark.skipif(
    database_kind() == "embedded" and "MONGO_URI" not in os.environ,
    reason="it says of no filter that an index serves it",
)
@pytest.mark.parametrize(
    "chosen_by",
    [
        {},
        {"district": "510681"},
        {"state": "raised"},
        {"kind": "pay_short"},
        {"platform": "91510600MA0000001E"},
        {"district": "510681", "state": "raised"},
    ],
)
async def test_the_index_of_a_list_holds_all_that_it_is_chosen_by(
    complaints: Harness, chosen_by: dict[str, str]
) -> None:
    query: dict[str, Any] = {"departments": "hrss", **chosen_by, **RECENT}
    explained = await storage().database.command(
        "explain",
        {"find": collection_of(Lead).name, "filter": query, "sort": {"created_at": -1, "_id": -1}, "limit": 51},
    )
    plan = explained["queryPlanner"]["winningPlan"]
    read = str(plan)
    assert "IXSCAN" in read
    assert "'filter'" not in read  # nothing is left to be looked for in what was read
    for field in (*chosen_by, "created_at"):
        assert f"'{field}': 1" in read
