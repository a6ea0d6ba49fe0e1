"""Every route of the subsidies service as every kind of caller."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest_asyncio

from services.subsidies.certificates.documents import Certificate
from services.subsidies.programmes.documents import Programme
from services.subsidies.providers.documents import Provider, encrypted_phone
from services.subsidies.training.documents import Application
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer
from tests.integration.access import HERE, OPERATIONS, OWN, WORKER, Line, misjudged, routes
from tests.integration.subsidies.bodies import FILINGS, course, filed_as

PROGRAMMES = "/v1/training-programme-filings"
PATH = "/v1/training-subsidy-applications"
DAY = dt.date(2026, 9, 1)
NOTHING_ASKED: dict[str, Any] = {
    "asked_certificate_id": None,
    "asked_certificate_number": None,
    "asked_course": "网约配送员",
    "asked_completed_on": DAY,
    "bank_account": None,
}


async def _documents(tx: Transaction) -> None:
    certificate = Certificate(
        id="c-own",
        number="C-1",
        worker_id=WORKER,
        platform=OWN,
        worker_ref="w1",
        course="网约配送员",
        hours=24,
        completed_on=DAY,
        district=HERE,
    )
    own = Application(id="a-own", number="A-1", worker_id=WORKER, district=HERE, **NOTHING_ASKED)
    nowhere = Application(id="a-nowhere", number="A-2", worker_id="w-nowhere", **NOTHING_ASKED)
    filing = Provider(
        id=f"{OWN}-training_body",
        uscc=OWN,
        kind="training_body",
        name="本校",
        district=HERE,
        address="本址",
        phone=encrypted_phone(f"{OWN}-training_body", "13800138000"),
        occupations=[],
        department="hrss",
        state="filed",
        valid_from=dt.date(2026, 1, 1),
        valid_to=dt.date(2099, 1, 1),
    )
    programme = Programme(
        id="p-own",
        number="P-1",
        filing=filing.id,
        provider=OWN,
        provider_name="本校",
        title="网约配送员初级班",
        industry="instant_delivery",
        occupation="4-02-07-10",
        occupation_name="网约配送员",
        level="junior",
        hours=8,
        capacity=30,
        mode="online",
        address="本址",
        district=HERE,
        starts_on=DAY,
        ends_on=DAY,
        enrol_until=DAY,
        sessions=[],
        evaluator_filing=None,
        evaluator=None,
        department="hrss",
        state="published",
    )
    for one in (certificate, own, nowhere, filing, programme):
        await one.put(tx)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def table(subsidies: Harness) -> dict[str, Line]:
    """Who may call which route."""
    await transact(_documents)
    own = {"application_id": "a-own"}
    asked = {"course": "网约配送员", "completed_on": str(DAY)}
    filed = {"filing_id": f"{OWN}-training_body"}
    programme = {"programme_id": "p-own"}
    why = {"reason": "核查"}
    return OPERATIONS | {
        f"POST {FILINGS}": Line(who="providers", json=filed_as("vocational_school")),
        f"GET {FILINGS}": Line(who="provider hrss", query={"limit": "500"}, shows=filed["filing_id"]),
        f"GET {FILINGS}/{{filing_id}}": Line(who="provider hrss", at=filed),
        f"POST {FILINGS}/{{filing_id}}/acceptance": Line(
            who="hrss", at=filed, json={"valid_from": "2026-01-01", "valid_to": "2099-01-01"}
        ),
        f"POST {FILINGS}/{{filing_id}}/renewal": Line(who="hrss", at=filed, json={"valid_to": "2099-02-01"}),
        f"POST {FILINGS}/{{filing_id}}/refusal": Line(who="hrss", at=filed, json=why),
        f"POST {FILINGS}/{{filing_id}}/withdrawal": Line(who="provider", at=filed),
        f"POST {FILINGS}/{{filing_id}}/suspension": Line(who="hrss", at=filed, json=why),
        f"POST {FILINGS}/{{filing_id}}/resumption": Line(who="hrss", at=filed),
        f"POST {FILINGS}/{{filing_id}}/removal": Line(who="hrss", at=filed, json=why),
        "GET /v1/training-providers": Line(who="everybody"),
        f"POST {PROGRAMMES}": Line(who="providers", json=course()),
        f"GET {PROGRAMMES}": Line(who="provider hrss", query={"limit": "500"}, shows="p-own"),
        f"GET {PROGRAMMES}/{{programme_id}}": Line(who="provider hrss", at=programme),
        f"POST {PROGRAMMES}/{{programme_id}}/publication": Line(who="hrss", at=programme),
        f"POST {PROGRAMMES}/{{programme_id}}/refusal": Line(who="hrss", at=programme, json=why),
        f"POST {PROGRAMMES}/{{programme_id}}/withdrawal": Line(who="provider", at=programme),
        f"POST {PROGRAMMES}/{{programme_id}}/cancellation": Line(who="provider hrss", at=programme, json=why),
        "GET /v1/training-programmes": Line(who="everybody"),
        "GET /v1/training-programmes/{programme_id}": Line(who="everybody", at=programme),
        "GET /v1/certificates": Line(who="worker", shows="c-own"),
        f"POST {PATH}": Line(who="workers", json=asked),
        f"PUT {PATH}/{{application_id}}/amount": Line(who="hrss", at=own, json={"amount": "800.00"}),
        f"GET {PATH}": Line(who="worker hrss", query={"limit": "500"}, shows="a-own"),
        f"GET {PATH}/{{application_id}}": Line(who="worker hrss", at=own),
        "GET /v1/workers/me/known-facts": Line(who="workers"),
        "GET /v1/statistics": Line(who="art16!"),
    }


async def test_every_route_has_its_line_and_every_line_its_route(table: dict[str, Line], subsidies: Harness) -> None:
    assert set(table) == routes(subsidies)


async def test_nobody_gets_through_but_whom_the_table_names(table: dict[str, Line], subsidies: Harness) -> None:
    assert await misjudged(subsidies, table) == []


async def test_an_application_of_no_known_district_is_the_citys(table: dict[str, Line], subsidies: Harness) -> None:
    here = bearer("officer", department="hrss", district=HERE)
    for who, status in ((here, 404), (subsidies.officer, 200)):
        assert (await subsidies.http.get(f"{PATH}/a-nowhere", headers=who)).status_code == status
