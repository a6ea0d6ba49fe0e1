"""Figures of applications, without those that would show a person."""

from __future__ import annotations

from shared import clock
from tests.harness import Harness, bearer
from tests.integration.subsidies.filing import ELSEWHERE, apply_as, do, officer

PATH = "/v1/statistics/applications"


async def test_small_numbers_are_not_shown(subsidies: Harness) -> None:
    year = {"year": f"{clock.now().year}"}
    keys = [(await apply_as(subsidies, f"w-many{number}"))["application_id"] for number in range(12)]
    await do(subsidies, keys[0], "withdrawal", bearer("worker", worker_id="w-many0"))
    await apply_as(subsidies, "w-elsewhere", district=ELSEWHERE)
    here = (await subsidies.http.get(PATH, params=year, headers=officer("reader"))).json()
    assert here["smallest"] > 1
    (line,) = here["lines"]
    cells = dict(zip(here["columns"], line["cells"], strict=True))
    assert (cells["withdrawn"], line["key"]) == (None, "training")
    assert cells["submitted"] is None  # or the one withdrawn would follow from it
    assert (line["total"], here["total"]) == (10, 10)  # of twelve: one more would not show
    whole = await subsidies.http.get("/v1/statistics", headers=subsidies.officer)
    assert whole.json() == {"applications": 13}
    table = await subsidies.http.get(f"{PATH}/table", params=year | {"by": "district"}, headers=subsidies.officer)
    assert table.status_code == 200
    assert "*" in table.text
