"""AsyncAPI 3.0 for the events: generated from the catalogue, so that it cannot differ from the code."""

from __future__ import annotations

import asyncio
from functools import cache
from html import escape
from typing import Any

import msgspec
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from shared.contracts import catalogue, json_schema, topics


def asyncapi() -> dict[str, Any]:
    """Every topic as a channel, every event type as a message in it."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Xindun events",
            "version": "1",
            "description": "CloudEvents 1.0 over Kafka, binary mode: attributes in `ce_` headers, JSON in the value.",
        },
        "defaultContentType": "application/json",
        "channels": {
            topic.name: {
                "address": topic.name,
                "messages": {
                    name: {"$ref": f"#/components/messages/{name}"}
                    for name, fact in sorted(catalogue.items())
                    if topic == fact.TOPIC
                },
                "bindings": {"kafka": {"partitions": topic.partitions}},
            }
            for topic in topics()
        },
        "components": {
            "messages": {
                name: {"name": name, "summary": (fact.__doc__ or "").strip(), "payload": _payload(json_schema(fact))}
                for name, fact in sorted(catalogue.items())
            }
        },
    }


def _payload(schema: dict[str, Any]) -> dict[str, Any]:
    return {"schemaFormat": "application/schema+json;version=draft-2020-12", "schema": schema}


def event_page(service: str) -> APIRouter:
    """`/v1/asyncapi.json`, and the same for people at `/v1/events`. `service` is told first.

    Anybody may ask for them, and they take long to write: each is written once, beside the event loop.
    """
    router = APIRouter()

    @router.get("/asyncapi.json", include_in_schema=False)
    async def as_json() -> Response:
        return Response(await asyncio.to_thread(_document), media_type="application/json")

    @router.get("/events", include_in_schema=False)
    async def as_page() -> HTMLResponse:
        return HTMLResponse(await asyncio.to_thread(_page, service))

    return router


@cache
def _document() -> bytes:
    return msgspec.json.encode(asyncapi())


@cache
def _page(service: str) -> str:
    rows = []
    for name, fact in sorted(catalogue.items(), key=lambda item: (f".{service}." not in item[0], item[0])):
        fields = json_schema(fact).get("properties", {})
        rows.append(
            f"<tr><td><code>{escape(name)}</code></td><td><code>{fact.TOPIC.name}</code></td>"
            f"<td>{escape((fact.__doc__ or '').strip())}</td><td><code>{escape(', '.join(fields))}</code></td></tr>"
        )
    head = "<tr><th>type</th><th>topic</th><th>meaning</th><th>data</th></tr>"
    style = "body{font:14px sans-serif;margin:2em}td,th{padding:.3em .6em;text-align:left;vertical-align:top}"
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Xindun events</title><style>{style}</style>"
        f"<h1>Events 事件</h1><table>{head}{''.join(rows)}</table></html>"
    )
