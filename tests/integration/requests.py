"""Requests as strangers might write them: the shapes of an API's own description, filled with what lies at the edges."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from tests.unit.identity.numbers import make_uscc
from tests.unit.registry.pushes import person

USCC = make_uscc("MA00000X9")
LIKELY: dict[str, list[Any]] = {
    "district": ["510603", "510600", "510681"],
    "uscc": [USCC],
    "platform": [USCC],
    "partner_uscc": [USCC],
    "employer": [USCC],
    "phone": ["13800000001"],
    "contact_phone": ["13800000001"],
    "id_number": [person(601)],
    "month": ["2026-09", "0001-01", "9999-12"],
    "name": ["名", "\x00", "名" * 100],
    "worker_id": ["w-1", "字" * 128],
}
"""Values that get further than most, by the name of their field."""

TEXTS = [
    "", "x", "²", "字" * 200, "字" * 6000, "\x00", "$gt", "..", "null", "-1", "1e400", "NaN", "2026-13", "=1", "\n=1", "1",
    "9999-12-31", "0001-01-01", "2026-09-01", "12.345", "999999999999999999999.99", "\U0001f6f5", "a|b:c.d",
]  # fmt: skip
DAYS = ["2026-09-01", "0001-01-01", "9999-12-31", "1899-12-31", "2036-02-29", "2026-11-30", "2024-02-29"]
INSTANTS = [
    "2026-09-01T08:00:00+08:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1900-01-01T00:00:00Z",
    "2026-09-01T08:00:00",
]  # fmt: skip
WHOLE = [0, 1, -1, 7, 2**31, 2**63 - 1, 2**63, 10**30]
NUMBERS = [0, 1, -1, 0.1, 1e308, -1e308, 104.4, 31.1, 1e-320]
MONEY = ["0", "1", "0.01", "-1", "9999999999999999.99", "1e30", "NaN", "Infinity", "0.001", "-0.00"]
NESTED: list[Any] = [None, [], {}, {"$gt": ""}, [[[[1]]]]]


class Writer:
    """Writes requests to the operations of an OpenAPI document, the same ones for the same seed."""

    def __init__(self, document: dict[str, Any], seed: int) -> None:
        self._document = document
        self._random = random.Random(seed)
        self._keys = 0

    def requests(self) -> Iterator[dict[str, Any]]:
        """One request to each operation: `method`, `url`, `headers`, and `json`, `data` or `content` where it has a body."""
        for path, operations in self._document["paths"].items():
            for method, operation in operations.items():
                yield self._request(path, method.upper(), operation)

    def _request(self, path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
        self._keys += 1
        headers = {"Idempotency-Key": f"key-{self._keys}"}
        query: dict[str, str] = {}
        for parameter in operation.get("parameters", []):
            name, place = parameter["name"], parameter["in"]
            value = str(self._value(parameter.get("schema", {}), name, 0))
            if place == "path":
                path = path.replace(f"{{{name}}}", quote(value or "x", safe=""))
            elif place == "query" and (parameter.get("required") or self._chance(0.5)):
                query[name] = value
            elif name == "If-Match":
                headers[name] = self._random.choice(['"1"', '"1"', '"2"', "x", '"99999999999999999999"'])
        request: dict[str, Any] = {"method": method, "url": path, "params": query, "headers": headers}
        for kind, body in operation.get("requestBody", {}).get("content", {}).items():
            value = self._value(body.get("schema", {}), "", 0)
            if kind == "application/json":
                request["json"] = value
            elif kind.startswith("multipart") and isinstance(value, dict):
                request["data"] = {name: str(one) for name, one in value.items() if not isinstance(one, list)}
                request["files"] = {"files": b"\xff\xd8\xff", "photos": b"\xff\xd8\xff"}
            else:
                request["content"] = self._random.choice([b"", b"[]", b"\xff", b"[{}]", b"a,b\n1,2\n"])
                headers["Content-Type"] = kind
            break
        return request

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _value(self, schema: dict[str, Any], name: str, depth: int) -> Any:
        if "$ref" in schema:
            schema = self._document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        if self._chance(0.02):
            return self._random.choice(NESTED)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._random.choice(schema["enum"])
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                return self._value(self._random.choice(schema[several]), name, depth)
        return self._of_type(schema, name, depth)

    def _of_type(self, schema: dict[str, Any], name: str, depth: int) -> Any:
        choose = self._random.choice
        match schema.get("type"):
            case "object":
                return self._object(schema, depth)
            case "array":
                most = 0 if depth > 4 else choose([0, 1, 1, 3])
                return [self._value(schema.get("items", {}), name, depth + 1) for _ in range(most)]
            case "integer":
                return choose([choose(WHOLE), choose([0, 1, 7]), schema.get("minimum", 1), schema.get("maximum", 1)])
            case "number":
                return choose([choose(NUMBERS), choose(MONEY)])
            case "boolean":
                return choose([True, False])
            case "null":
                return None
        return self._text(schema, name)

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        required = set(schema.get("required", ()))
        return {
            name: self._value(part, name, depth + 1)
            for name, part in schema.get("properties", {}).items()
            if name in required or self._chance(0.6)
        }

    def _text(self, schema: dict[str, Any], name: str) -> str:
        choose = self._random.choice
        if name in LIKELY and self._chance(0.8):
            return str(choose(LIKELY[name]))
        match schema.get("format"):
            case "date":
                return choose(DAYS)
            case "date-time":
                return choose(INSTANTS)
        if "pattern" in schema and self._chance(0.7):
            return str(choose([*MONEY, "2026-09", "510603", USCC, "1"]))
        text = str(choose(TEXTS))
        return text[: schema.get("maxLength", len(text))] if self._chance(0.8) else text
