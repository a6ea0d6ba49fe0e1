"""Walks every route of a service as every kind of caller, against a table that says who may.

What a route is called on belongs to the worker `w-own`, the platform `OWN`, the union `union:own` and the district `HERE`. A
line names who gets through, in words apart by blanks:

| word | who |
|---|---|
| `worker` `platform` `provider` `union` | the one whom it concerns; with `s` (`workers` …) any of that kind |
| `provincial` `operator` `nobody` | these; `nobody` is a caller without a token |
| `everybody` | everybody with a token but operators; `public` and those without one too |
| `hrss` `post` … | officers of that department, of the district and of the city; `union_office` are the general union's |
| `art9` | officers of the departments that the policy names for that article |
| `hrss!` | officers of the city alone; `hrss*` those of every district |

Anybody else must be turned away: 401, 403, 404, or a list without what the line says that it `shows`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2
from fastapi.routing import iter_route_contexts

from shared.ids import new_id
from shared.web.scope import departments_of
from tests.harness import Harness, bearer
from tests.unit.identity.numbers import make_uscc

HERE, ELSEWHERE, CITY = "510603", "510681", "510600"
WORKER, UNION = "w-own", "union:own"
OWN, OTHER = make_uscc("YY0000001"), make_uscc("YY0000002")
STRANGERS = ("police",)
"""Departments of which the policy knows nothing."""
TRAVELLERS = ("hrss", "post", "union", "transport")
"""Departments of which an officer of another district is tried too."""
AWAY = {401, 403, 404}
DEPARTMENTS = departments_of(16)
AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Who may call a route, and with what: the values in its path, its query, and its body. `shows`: what is in the answer
    for those who may, and in nobody else's."""

    who: str
    at: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    data: Mapping[str, str] | None = None
    content: bytes | None = None
    files: Mapping[str, tuple[str, bytes, str]] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    shows: str | None = None


OPERATIONS = {
    "GET /healthz": Line(who="public"),
    "GET /readyz": Line(who="public"),
    "GET /metrics": Line(who="operator"),
    "GET /v1/backlog": Line(who="operator"),
    "GET /v1/dead-letters": Line(who="operator"),
    "GET /v1/events": Line(who="public"),
    "GET /v1/asyncapi.json": Line(who="public"),
    "GET /openapi.json": Line(who="public"),
    "GET /docs": Line(who="public"),
    "GET /docs/oauth2-redirect": Line(who="public"),
    "GET /redoc": Line(who="public"),
}
"""What every service has."""


def callers(worker: str = WORKER) -> dict[str, dict[str, str]]:
    """Every kind of caller by name, with its headers; `worker` is the id of the one whom things belong to."""
    found = {
        "nobody": {},
        "worker": bearer("worker", worker_id=worker),
        "worker elsewhere": bearer("worker", worker_id="w-other"),
        "platform": bearer("platform", uscc=OWN),
        "platform elsewhere": bearer("platform", uscc=OTHER),
        "provider": bearer("provider", uscc=OWN),
        "provider elsewhere": bearer("provider", uscc=OTHER),
        "union": bearer("union", sub=UNION),
        "union elsewhere": bearer("union", sub="union:other"),
        "provincial": bearer("provincial"),
        "operator": bearer("operator"),
    }
    for department in (*DEPARTMENTS, *STRANGERS):
        places = {"here": HERE, "city": CITY} | ({"elsewhere": ELSEWHERE} if department in TRAVELLERS else {})
        for place, district in places.items():
            found[f"{department}@{place}"] = bearer("officer", department=department, district=district)
    return found


CALLERS = tuple(callers())


def may(who: str) -> set[str]:
    """The callers whom a line lets through."""
    return {name for word in who.split() for name in _meant(word)}


def _meant(word: str) -> set[str]:
    match word:
        case "worker" | "platform" | "provider" | "union" | "provincial" | "operator" | "nobody":
            return {word}
        case "workers" | "platforms" | "providers" | "unions":
            return {word[:-1], f"{word[:-1]} elsewhere"}
        case "public":
            return set(CALLERS)
        case "everybody":
            return set(CALLERS) - {"nobody", "operator"}
    places = {"!": {"city"}, "*": {"here", "city", "elsewhere"}}.get(word[-1], {"here", "city"})
    name = word.rstrip("!*").replace("union_office", "union")
    departments: Sequence[str] = departments_of(int(name[3:])) if name.startswith("art") else (name,)
    assert set(departments) <= set(DEPARTMENTS), word
    return {f"{one}@{place}" for one in departments for place in places} & set(CALLERS)


def routes(harness: Harness) -> set[str]:
    """Every route of a service, as `GET /v1/…`."""
    found = iter_route_contexts(harness.process.app().routes)
    return {f"{method} {route.path}" for route in found for method in (route.methods or ()) if method != "HEAD"}


async def misjudged(harness: Harness, table: Mapping[str, Line], worker: str = WORKER) -> list[str]:
    """Every caller who gets through where the table says otherwise, and the other way about; and every failure."""
    found: list[str] = []
    known = callers(worker)
    for called, line in table.items():
        allowed = may(line.who)
        # those who may come last: what they do may change what the others are tried on
        for some in ([name for name in CALLERS if name not in allowed], sorted(allowed)):
            for start in range(0, len(some), AT_ONCE):
                names = some[start : start + AT_ONCE]
                answers = await asyncio.gather(*(_ask(harness, called, line, known[name]) for name in names))
                found += [
                    f"{called}: {name} {'may not' if name in allowed else 'may'}: {answer.status_code} {answer.text[:200]}"
                    for name, answer in zip(names, answers, strict=True)
                    if answer.status_code >= 500 or _through(line, answer) is not (name in allowed)
                ]
    return found


def _through(line: Line, answer: httpx2.Response) -> bool:
    return answer.status_code not in AWAY and (line.shows is None or line.shows in answer.text)


async def _ask(harness: Harness, called: str, line: Line, caller: dict[str, str]) -> httpx2.Response:
    method, _, path = called.partition(" ")
    for place, value in line.at.items():
        path = path.replace(f"{{{place}}}", value)
    assert "{" not in path, f"{called}: the line does not say what is in its path"
    # no document is at this revision: who reaches one to change it is answered 412, and nothing changes
    headers = {"If-Match": '"999"', "Idempotency-Key": new_id(), **line.headers, **caller}
    request: dict[str, Any] = {"params": dict(line.query), "headers": headers}
    if line.content is not None:
        request["content"] = line.content
    elif line.files is not None:
        request |= {"files": dict(line.files), "data": dict(line.data or {})}
    elif line.data is not None:
        request["data"] = dict(line.data)
    elif line.json is not None:
        request["json"] = line.json
    return await harness.http.request(method, path, **request)
