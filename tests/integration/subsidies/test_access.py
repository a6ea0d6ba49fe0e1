"""Every route of the subsidies service as every kind of caller."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest_asyncio

from services.subsidies.attendance.documents import Sign
from services.subsidies.certificates import access as certificates_access
from services.subsidies.certificates.documents import Certificate
from services.subsidies.enrolments.documents import Enrolment
from services.subsidies.programmes.documents import Programme
from services.subsidies.providers.documents import Provider, encrypted_phone
from services.subsidies.titles.documents import Nomination
from services.subsidies.training.documents import Application
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer
from tests.integration.access import HERE, OPERATIONS, OWN, UNION, WORKER, Line, misjudged, routes
from tests.integration.subsidies.bodies import FILINGS, course, filed_as

PROGRAMMES = "/v1/training-programme-filings"
COURSES = "/v1/training-programmes"
ENROLMENTS = "/v1/training-enrolments"
SIGNS = "/v1/attendance-signs"
TITLES = "/v1/title-nominations"
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
        evaluator=OWN,
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
        evaluator=OWN,
        department="hrss",
        state="published",
    )
    enrolment = Enrolment(
        id="e-own",
        number="E-1",
        programme_id="p-own",
        title="网约配送员初级班",
        starts_on=DAY,
        worker_id=WORKER,
        agent="platform",
        agent_id=OWN,
        provider=OWN,
        bodies=[OWN],
        department="hrss",
        district=HERE,
        state="enrolled",
    )
    by_union = enrolment.model_copy(update={"id": "e-union", "number": "E-2", "worker_id": "w-2", "agent_id": UNION})
    sign = Sign(
        id="s-own",
        worker_id=WORKER,
        enrolments=["e-own", "e-union"],
        sessions=[],
        department="hrss",
        district=HERE,
        state="open",
    )
    nomination = Nomination(
        id="n-own",
        number="N-1",
        worker_id=WORKER,
        nominator="platform",
        nominator_id=OWN,
        nominator_name="本平台",
        title="物流助理工程师",
        rank="assistant",
        year=2026,
        district=HERE,
        materials=[],
        missing=None,
        state="submitted",
    )
    by_association = nomination.model_copy(
        update={"id": "n-union", "number": "N-2", "worker_id": "w-2", "nominator": "association", "nominator_id": UNION}
    )
    for one in (certificate, own, nowhere, filing, programme, enrolment, by_union, sign, nomination, by_association):
        await one.put(tx)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def table(subsidies: Harness) -> dict[str, Line]:
    """Who may call which route."""
    await transact(_documents)
    own = {"application_id": "a-own"}
    asked = {"course": "网约配送员", "completed_on": str(DAY)}
    filed = {"filing_id": f"{OWN}-training_body"}
    programme = {"programme_id": "p-own"}
    enrolment, sign, certificate = {"enrolment_id": "e-own"}, {"sign_id": "s-own"}, {"certificate_id": "c-own"}
    nomination = {"nomination_id": "n-own"}
    papers = {"materials": [{"kind": "work_summary", "text": "从业五年"}]}
    why = {"reason": "核查"}
    certificates_access._limiter.cache_clear()  # others have verified before
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
        f"POST {COURSES}/{{programme_id}}/enrolments": Line(who="workers", at=programme),
        f"POST {COURSES}/{{programme_id}}/enrolment-lists": Line(
            who="platforms unions", at=programme, json={"workers": [{"worker_id": "w-3"}], "agreed": True}
        ),
        f"GET {COURSES}/{{programme_id}}/places": Line(who="everybody", at=programme),
        f"POST {COURSES}/{{programme_id}}/attendance": Line(
            who="provider provincial", at=programme, json={"rows": [{"enrolment_id": "e-own", "session": "s1"}]}
        ),
        f"POST {COURSES}/{{programme_id}}/completions": Line(
            who="provider hrss", at=programme, json={"enrolments": ["nobody"]}
        ),
        f"POST {COURSES}/{{programme_id}}/examination-results": Line(
            who="provider",
            at=programme,
            json={"results": [{"enrolment_id": "e-own", "taken_on": str(DAY), "passed": True}]},
        ),
        f"GET {ENROLMENTS}": Line(who="worker platform provider hrss", query={"limit": "500"}, shows="e-own"),
        f"GET {ENROLMENTS}/{{enrolment_id}}": Line(who="worker platform provider hrss", at=enrolment),
        f"GET {ENROLMENTS}/{{enrolment_id}}/sessions": Line(who="provider union hrss", at={"enrolment_id": "e-union"}),
        f"GET {ENROLMENTS}/{{enrolment_id}}/results": Line(who="worker platform provider hrss", at=enrolment),
        f"POST {ENROLMENTS}/{{enrolment_id}}/withdrawal": Line(who="worker platform", at=enrolment),
        f"GET {SIGNS}": Line(who="hrss", query={"limit": "500"}, shows="s-own"),
        f"GET {SIGNS}/{{sign_id}}": Line(who="hrss", at=sign),
        f"POST {SIGNS}/{{sign_id}}/judgement": Line(who="hrss", at=sign, json={"strike": [], "note": "核查"}),
        "GET /v1/certificates": Line(who="worker provider hrss", query={"limit": "500"}, shows="c-own"),
        "GET /v1/certificates/verification": Line(who="public", query={"number": "C-0", "name": "某"}),
        "GET /v1/certificates/{certificate_id}": Line(who="worker provider hrss", at=certificate),
        "GET /v1/certificates/{certificate_id}/print": Line(who="worker", at=certificate),
        "POST /v1/certificates/{certificate_id}/revocation": Line(who="provider hrss", at=certificate, json=why),
        f"POST {TITLES}": Line(who="platforms unions", json=papers),
        f"GET {TITLES}": Line(who="worker platform hrss", query={"limit": "500"}, shows="n-own"),
        f"GET {TITLES}/{{nomination_id}}": Line(who="union hrss", at={"nomination_id": "n-union"}),
        f"PUT {TITLES}/{{nomination_id}}/materials": Line(who="platform", at=nomination, json=papers),
        f"POST {TITLES}/{{nomination_id}}/withdrawal": Line(who="worker platform", at=nomination),
        f"POST {TITLES}/{{nomination_id}}/return": Line(who="hrss", at=nomination, json={"note": "缺材料"}),
        f"POST {TITLES}/{{nomination_id}}/refusal": Line(who="hrss", at=nomination, json={"note": "不符"}),
        f"POST {TITLES}/{{nomination_id}}/forwarding": Line(
            who="hrss", at=nomination, json={"review_body": "市评委会"}
        ),
        f"POST {TITLES}/{{nomination_id}}/result": Line(
            who="hrss", at=nomination, json={"awarded": True, "decided_on": str(DAY)}
        ),
        f"POST {PATH}": Line(who="workers", json=asked),
        f"PUT {PATH}/{{application_id}}/amount": Line(who="hrss", at=own, json={"amount": "800.00"}),
        f"GET {PATH}": Line(who="worker hrss", query={"limit": "500"}, shows="a-own"),
        f"GET {PATH}/{{application_id}}": Line(who="worker hrss", at=own),
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
