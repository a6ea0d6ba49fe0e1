"""Who calls the routes of cases, what bodies of several of them say, and how a step with a case is taken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import Depends, Header, Response
from pydantic import BaseModel, Field, StringConstraints

from services.complaints.cases.access import case_in_hand, own_case
from services.complaints.cases.documents import Case
from services.complaints.cases.views import CaseView, changed
from services.complaints.officers.documents import Officer
from services.complaints.terms import commands as terms
from shared.callers import Caller
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, if_match
from shared.web.scope import ALL, callers

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
WorkerId = Annotated[str, Field(min_length=1, max_length=100)]

Reader = Annotated[Caller, callers("worker", "union", article=ALL, district="document")]
Handler = Annotated[Caller, callers(article=ALL, district="document")]
Reporting = Annotated[Caller, callers("worker", "union")]
Union = Annotated[Caller, callers("union")]


async def _seen(value: Annotated[str | None, Header(alias="If-Match")] = None) -> int | None:
    return None if value is None else if_match(value)


Seen = Annotated[int | None, Depends(_seen)]


class Reason(BaseModel):
    """Why."""

    reason: Text


Find = Callable[[str, Caller, int | None, Transaction], Awaitable[Case]]
Work = Callable[[Case, Transaction], Awaitable[Case]]
Step = Callable[[Work], Awaitable[CaseView]]
"""Takes a step with the case that a route names, and gives the answer."""


async def _taken(
    find: Find, case_id: str, caller: Caller, seen: int | None, response: Response, work: Work
) -> CaseView:
    async def act(tx: Transaction) -> Case:
        officer = [(Officer, caller.subject)] if caller.role == "officer" else []
        await tx.ahead([(Case, case_id), *officer], [terms.of_matter("case", case_id)])
        return await work(await find(case_id, caller, seen, tx), tx)

    return changed(await transact(act), caller, response)


async def _of_reporter(case_id: str, caller: Reporting, seen: RevisionSeen, response: Response) -> Step:
    return partial(_taken, own_case, case_id, caller, seen, response)


async def _of_handler(case_id: str, officer: Handler, seen: RevisionSeen, response: Response) -> Step:
    return partial(_taken, case_in_hand, case_id, officer, seen, response)


async def _first(case_id: str, officer: Handler, seen: Seen, response: Response) -> Step:
    return partial(_taken, case_in_hand, case_id, officer, seen, response)


ReportersStep = Annotated[Step, Depends(_of_reporter)]
HandlersStep = Annotated[Step, Depends(_of_handler)]
FirstStep = Annotated[Step, Depends(_first)]
"""A handler's, who need not say which revision they saw."""
