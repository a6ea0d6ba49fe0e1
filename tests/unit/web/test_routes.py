from __future__ import annotations

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from shared.web.routes import include

first, second = APIRouter(prefix="/v1"), APIRouter(prefix="/v1")


@first.get("/cases/{case_id}")
async def read(case_id: str) -> str:
    return f"read {case_id}"


@first.get("/orders")
async def orders() -> str:
    return "orders"


@second.get("/cases/newest")
async def newest() -> str:
    return "never: the first router serves it"


@second.post("/cases/{case_id}")
async def change(case_id: str) -> str:
    return f"changed {case_id}"


@second.get("/cases")
async def every() -> str:
    return "all"


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    include(app, [first, second], 1_000)
    return TestClient(app)


def test_the_first_router_that_serves_a_path_does(client: TestClient) -> None:
    assert client.get("/v1/cases/newest").json() == "read newest"
    assert client.get("/v1/orders").json() == "orders"
    assert client.get("/v1/cases").json() == "all"


def test_one_path_is_served_by_several_routers(client: TestClient) -> None:
    """Each for a method of its own."""
    assert client.get("/v1/cases/7").json() == "read 7"
    assert client.post("/v1/cases/7").json() == "changed 7"


def test_what_no_router_serves_is_said_as_ever(client: TestClient) -> None:
    assert client.get("/v1/nothing").status_code == 404
    assert client.get("/").status_code == 404
    assert client.delete("/v1/orders").status_code == 405
    assert client.get("/v1/orders/", follow_redirects=False).status_code == 307


def test_what_is_described_stays_what_it_is(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths) == {"/v1/cases", "/v1/cases/{case_id}", "/v1/cases/newest", "/v1/orders"}


def test_a_path_begins_with_words() -> None:
    router = APIRouter(prefix="/v1")
    router.add_api_route("/{anything}", orders)
    with pytest.raises(ValueError, match="which router"):
        include(FastAPI(), [router], 1_000)
