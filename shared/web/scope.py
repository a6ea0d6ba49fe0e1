"""Who may call a route, and which documents they reach there: one rule for all services, closed by default.

A route names in its signature the roles that may call it, and for officers the departments and how their district counts:

    Reader = Annotated[Caller, callers("worker", "platform", article=9, district="document")]

A role that is not named, a department that is not named, and an officer of a district where only the city's may act, are
answered 403. A document out of a caller's reach is answered 404, so that nobody learns of it by asking.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any, Literal

from fastapi import Depends

from shared import clock
from shared.callers import Caller, Role
from shared.errors import Forbidden
from shared.identity.regions import CITY
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.web.auth import Admitted

HRSS, UNION = "hrss", "union"
"""The labour and social-security department, and the general union (`departments.names`)."""

ALL = 16
"""The article of 德人社发〔2022〕95号 that names every department."""

District = Literal["city", "document", "any"]
"""How an officer's district counts on a route. `city`: officers of the whole city alone. `document`: the route compares it
with that of each document (`reach`, `Caller.reaches`). `any`: what is of no district and open to officers of every one."""


def callers(
    *roles: Role, departments: Collection[str] = (), article: int | None = None, district: District = "city"
) -> Any:
    """A dependency that gives the caller, who has one of the roles, or is an officer of one of the departments.

    `article` adds the departments that are responsible for an article of 德人社发〔2022〕95号 (`duty.departments`).
    """

    def check(caller: Caller) -> Caller:
        if caller.role in roles:
            return caller
        if caller.role != "officer" or not (caller.department in departments or _responsible(caller, article)):
            raise Forbidden()
        if district == "city" and caller.district != CITY:
            raise Forbidden("仅市级经办人员可执行此操作", "only officers of the city may do this")
        return caller

    return Depends(Admitted(check))


def _responsible(caller: Caller, article: int | None) -> bool:
    return article is not None and caller.department in departments_of(article)


def departments_of(article: int) -> tuple[str, ...]:
    """The departments responsible for an article today."""
    return parameters.on(shanghai_date(clock.now())).texts("duty.departments", str(article))


def _not_an_operator(caller: Caller) -> Caller:
    if caller.role == "operator":
        raise Forbidden()
    return caller


Everybody = Annotated[Caller, Depends(Admitted(_not_an_operator))]
"""Whoever has a token, for what is public; operators run the services, and have no part in what they do."""

CityOfficer = Annotated[Caller, callers(article=ALL)]
"""An officer of the whole city, of any of the departments: who reads the figures of the whole city."""


def reach(caller: Caller, **fields: str) -> dict[str, Any]:
    """The condition on the documents that a caller reaches; raises a 403 problem for a role that no field is named for.

    `worker`, `platform`, `provider` and `union` name the field that holds a document's worker, credit code or the subject that
    acted for a union; `district` names that of its district, for officers. What is of no district is the city's alone.
    """
    match caller.role:
        case "worker" | "platform" | "provider" | "union" if caller.role in fields:
            own = {"worker": caller.worker_id, "union": caller.subject}
            return {fields[caller.role]: own.get(caller.role, caller.uscc)}
        case "officer" if "district" in fields:
            return {} if caller.district == CITY else {fields["district"]: caller.district}
    raise Forbidden()


def fits(document: object, condition: dict[str, Any]) -> bool:
    """Whether a document is one of those that `reach` names."""
    return all(getattr(document, field) == value for field, value in condition.items())
