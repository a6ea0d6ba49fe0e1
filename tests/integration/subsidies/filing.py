"""Applications as people file them and officers decide on them over HTTP; none of them exists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from services.subsidies.applications.documents import Application
from services.subsidies.budgets.documents import Budget
from services.subsidies.budgets.rules import Line, Source
from shared import clock
from shared.policy.calendar import end_of_day
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer
from tests.integration.subsidies.facts import DAY, engagement, tell, training, worker

PATH = "/v1/subsidy-applications"
COURSE, OCCUPATION = "网约配送员（四级）", "4-02-07-10:intermediate"
HERE, ELSEWHERE = "510603", "510681"
ACCOUNT = {"holder": "张三", "number": "6222020000000001234", "bank": "工商银行"}


def officer(name: str, district: str = HERE, department: str = "hrss") -> dict[str, str]:
    """An officer by name: two names are two people."""
    return bearer("officer", sub=f"officer:{name}", department=department, district=district)


FIRST, SECOND, HEAD = "first", "second", "head"


def asked(**more: Any) -> dict[str, Any]:
    return {
        "kind": "training",
        "name": "张三",
        "district": HERE,
        "stated": {"course": COURSE, "completed_on": f"{DAY}", "public_pension": False},
        "account": ACCOUNT,
    } | more


async def trained(subsidies: Harness, worker_id: str, *courses: str, day: dt.date = DAY) -> None:
    """A person of whom everything is known that the training subsidy rests on."""
    ref = worker_id.upper()
    facts = [training(ref, course, day) for course in courses or (COURSE,)]
    await tell(subsidies, worker(worker_id), engagement(worker_id, ref), *facts)
    await subsidies.settled()


async def apply(subsidies: Harness, who: Mapping[str, str], *, expect: int = 201, **body: Any) -> dict[str, Any]:
    answer = await subsidies.http.post(PATH, json=asked(**body), headers=who)
    assert answer.status_code == expect, answer.text
    return dict(answer.json())


async def apply_as(subsidies: Harness, worker_id: str, *, expect: int = 201, **body: Any) -> dict[str, Any]:
    """An application by a worker."""
    return await apply(subsidies, subsidies.headers("worker", worker_id=worker_id), expect=expect, **body)


async def read(subsidies: Harness, application_id: str, who: Mapping[str, str] | None = None) -> dict[str, Any]:
    answer = await subsidies.http.get(f"{PATH}/{application_id}", headers=dict(who or officer("reader")))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def do(
    subsidies: Harness,
    application_id: str,
    step: str,
    who: Mapping[str, str],
    json: Any = None,
    *,
    expect: int = 200,
) -> dict[str, Any]:
    """A step with the application as it stands now."""
    path = f"{PATH}/{application_id}"
    seen = (await subsidies.http.get(path, headers=dict(who))).headers.get("etag", '"1"')
    answer = await subsidies.http.post(f"{path}/{step}", json=json, headers={**who, "If-Match": seen})
    assert answer.status_code == expect, answer.text
    return dict(answer.json())


async def signed(subsidies: Harness, application_id: str, amount: str | None = "800.00") -> dict[str, Any]:
    """Accepted and signed for approval by two officers: on public notice then."""
    await do(subsidies, application_id, "acceptance", officer(FIRST))
    await do(subsidies, application_id, "review", officer(FIRST), {"approve": True, "amount": amount})
    return await do(subsidies, application_id, "confirmation", officer(SECOND), {"to_head": False})


async def end_notice(application_id: str) -> None:
    """Make a public notice one whose days were over yesterday."""

    async def shift(tx: Transaction) -> None:
        application = await Application.of(application_id, tx)
        assert application is not None
        assert application.notice_until is not None
        application.notice_since = application.notice_until = clock.now().date() - dt.timedelta(days=2)
        await application.put(tx)

    await transact(shift)


async def funded(
    kind: str = "training",
    amount: str = "1000000.00",
    district: str = HERE,
    source: Source = "employment_fund",
) -> None:
    """Money for a kind in this year's budget of a district."""
    line = Line(year=clock.now().year, kind=kind, source=source, district=district)

    async def put(tx: Transaction) -> None:
        budget = await Budget.of(line.id, tx) or Budget(
            id=line.id, year=line.year, kind=kind, source=line.source, department="hrss", district=district
        )
        budget.available = Decimal(amount)
        await budget.put(tx)

    await transact(put)


async def approved(subsidies: Harness, application_id: str, amount: str | None = "800.00") -> dict[str, Any]:
    """Signed, announced, and approved."""
    await funded()
    await signed(subsidies, application_id, amount)
    await end_notice(application_id)
    return await do(subsidies, application_id, "approval", officer(SECOND))


def after(day: str) -> dt.datetime:
    """The first instant after a legal day."""
    return end_of_day(dt.date.fromisoformat(day))
