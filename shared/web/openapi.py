"""What every API description says besides its own routes: problem answers, idempotency keys, and the conventions."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from shared.web.idempotency import MAX_KEY, IdempotentRoute
from shared.web.problems import MEDIA_TYPE

CONVENTIONS = """
Times are RFC 3339 with an offset; dates are legal days in Asia/Shanghai; money is a decimal string in yuan; districts are
GB/T 2260 codes; enterprises are known by their unified social credit code (GB 32100). Errors are problem details
(RFC 9457) with a stable `type`, `title` in Chinese and `title_en` in English. Lists come in pages: pass `next` of one page
as `cursor` for the following one. A change names the `ETag` of the reading that it rests on in `If-Match`.
"""

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "What is wrong (RFC 9457). Some kinds carry further fields.",
    "type": "object",
    "required": ["type", "title", "title_en", "status"],
    "properties": {
        "type": {"type": "string", "description": "stable, `/problems/<kind>`", "examples": ["/problems/not-found"]},
        "title": {"type": "string", "description": "in Chinese"},
        "title_en": {"type": "string", "description": "in English"},
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "description": "of an invalid request: where it is wrong, and in what way",
            "items": {"type": "object", "properties": {"at": {"type": "string"}, "detail": {"type": "string"}}},
        },
    },
}

IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY},
    "description": "Any text of the caller's own, new for each thing to do. The same request under the same key is carried "
    "out once, and answered alike (`Idempotent-Replay: true`).",
}


def complete_openapi(app: FastAPI) -> None:
    """Let the app's OpenAPI description say what all services have in common."""
    describe = app.openapi
    app.description = f"{app.description}\n{CONVENTIONS}"

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(describe(), _creating(app))
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _creating(app: FastAPI) -> set[str]:
    """The paths of the routes that take an idempotency key."""
    return {
        str(route.path)
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, IdempotentRoute) and "POST" in (route.methods or ())
    }


def _completed(document: dict[str, Any], creating: set[str]) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = {"description": "What is wrong", "content": content}
            if method == "post" and path in creating:
                operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    return document
