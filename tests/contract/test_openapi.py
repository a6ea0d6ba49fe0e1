"""A stranger can use each API from its description alone."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from shared.contracts.platform import NATURAL_KEY, SettlementPaid
from shared.service import Service
from shared.web.app import make_app
from shared.web.auth import Verifier
from shared.web.idempotency import IdempotentRoute

FORM = "Body_"
"""How FastAPI names the fields of a form, which say for themselves what they are."""

SERVICES = ("registry", "insurance", "complaints", "subsidies", "notifier")


@cache
def app_of(name: str) -> FastAPI:
    service: Service = import_module(f"services.{name}.app").service
    verifier = Verifier("http://issuer.test", "http://issuer.test/jwks.json", "xindun")

    async def ready() -> dict[str, str]:
        return {}

    return make_app(service.title, service.description, service.routers, verifier, ready, ready, ready)


def document(name: str) -> dict[str, Any]:
    return app_of(name).openapi()


def operations(name: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document(name)["paths"].items()
        for method, operation in methods.items()
    ]


@pytest.mark.parametrize("name", SERVICES)
def test_every_operation_says_what_it_does_and_what_it_takes(name: str) -> None:
    silent = [
        f"{called}: {what}"
        for called, operation in operations(name)
        for what in (
            *([] if operation.get("description") else ["no description"]),
            *([] if operation.get("tags") else ["no tag"]),
            *(
                f"parameter {parameter['name']}"
                for parameter in operation.get("parameters", [])
                if parameter["in"] == "query" and not parameter.get("description")
            ),
        )
    ]
    assert silent == []


@pytest.mark.parametrize("name", SERVICES)
def test_every_body_and_answer_says_what_it_is(name: str) -> None:
    schemas = document(name)["components"]["schemas"]
    silent = [schema for schema, said in schemas.items() if not said.get("description")]
    assert [schema for schema in silent if not schema.startswith(FORM)] == []


@pytest.mark.parametrize("name", SERVICES)
def test_no_schema_is_named_by_the_module_it_lies_in(name: str) -> None:
    schemas = document(name)["components"]["schemas"]
    assert [schema for schema in schemas if "__" in schema and not schema.startswith(FORM)] == []


@pytest.mark.parametrize("name", SERVICES)
def test_every_operation_says_how_it_fails(name: str) -> None:
    """Each creation asks for its idempotency key, and nothing else does."""
    problem = {"$ref": "#/components/schemas/Problem"}
    creating = {
        route.path
        for route in iter_route_contexts(app_of(name).routes)
        if isinstance(route.original_route, IdempotentRoute)
    }
    assert creating or name == "notifier"
    for called, operation in operations(name):
        default = operation["responses"]["default"]
        assert default["content"]["application/problem+json"]["schema"] == problem, called
        method, _, path = called.partition(" ")
        headers = [one["name"] for one in operation.get("parameters", []) if one["in"] == "header"]
        assert ("Idempotency-Key" in headers) == (method == "POST" and path in creating), called


@pytest.mark.parametrize("name", SERVICES)
def test_what_needs_a_token_says_so(name: str) -> None:
    assert document(name)["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    open_to_all = {called for called, operation in operations(name) if "security" not in operation}
    known = {
        "registry": {
            "GET /v1/agreement-models",
            "GET /v1/agreement-models/{code}/{version}",
            "GET /v1/agreement-models/{code}/{version}/changes",
            "GET /v1/employment-certificates/verification",
            "GET /v1/enterprises/{uscc}/restrictions",
        },
        "complaints": {
            "POST /v1/anonymous-reports",
            "POST /v1/anonymous-reports/completion",
            "POST /v1/anonymous-reports/confidence",
            "POST /v1/anonymous-reports/decision",
            "POST /v1/anonymous-reports/follow-up",
            "POST /v1/anonymous-reports/recusal-requests",
            "POST /v1/anonymous-reports/recusal-requests/follow-up",
            "POST /v1/anonymous-reports/reopening",
            "POST /v1/anonymous-reports/satisfaction",
            "POST /v1/anonymous-reports/withdrawal",
            "GET /v1/inspection-campaigns",
            "GET /v1/inspection-campaigns/{campaign_id}",
            "GET /v1/inspection-campaigns/{campaign_id}/draw",
            "GET /v1/inspections",
            "GET /v1/public-credit-listings",
            "GET /v1/public-penalties",
        },
        "subsidies": {
            "GET /v1/certificates/verification",
            "GET /v1/public-subsidies",
            "GET /v1/subsidy-notices",
        },
        "notifier": {
            "POST /v1/sms-receipts",
            "POST /v1/sms-receipts/tencent/{token}",
            "POST /v1/push-receipts",
        },
    }
    assert open_to_all == known.get(name, set())


def test_a_platform_reads_what_an_event_may_hold() -> None:
    operation = document("registry")["paths"]["/v1/platform-events"]["post"]
    batch = operation["requestBody"]["content"]["application/cloudevents-batch+json"]["schema"]
    kinds = {one["title"]: one["properties"]["data"] for one in batch["items"]["oneOf"]}
    assert set(kinds) == {fact.TYPE for fact in NATURAL_KEY}
    assert kinds[SettlementPaid.TYPE]["properties"]["orders"]["maximum"] == 1_000_000
    assert "$ref" not in str(batch)
