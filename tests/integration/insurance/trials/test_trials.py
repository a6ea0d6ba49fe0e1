"""A draft is tried on a recorded month before anybody decrees it: who would pay, and get, more or less."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from services.insurance.ledger import commands as charging
from services.insurance.ledger.documents import Entry
from services.insurance.trials import commands
from shared import clock
from shared.contracts.platform import OrderFinished
from shared.contracts.registry import EngagementActivated
from shared.policy import calendar
from shared.storage.audit import AuditEntry
from shared.storage.client import collection_of
from shared.trials.cli import trial_command
from shared.trials.documents import Trial
from tests.harness import Harness, eventually
from tests.integration.insurance.facts import engagement, event, new_platform, order, worker
from tests.integration.insurance.recognised import grant, recognised_claim

DEARER = 'oip.premium_per_order: [{value: "1.00", from: 2027-01-01, scope: {industry: freight}}]'
AVERAGE = 'wage.average_monthly: [{value: "7000.00", from: 2027-01-01, scope: {place: "510600"}}]'


@pytest.fixture
def platform() -> str:
    return new_platform()


async def charge(platform: str, *orders: OrderFinished) -> None:
    await charging.charge([event(platform, one) for one in orders])


async def tried(insurance: Harness, draft: str, month: str = "2026-09") -> Any:
    """What a trial has come to, once it is finished."""
    headers = insurance.headers("officer", department="hrss", district="510600")
    body = {"month": month, "parameters": draft}
    asked = await insurance.http.post("/v1/trials", json=body, headers=headers)
    assert asked.status_code == 202, asked.text

    async def finished() -> Any:
        found = (await insurance.http.get(f"/v1/trials/{asked.json()['trial_id']}", headers=insurance.officer)).json()
        return found if found["state"] == "finished" else None

    return await eventually(finished, 40)


async def test_a_dearer_premium_is_shown_by_platform_and_trade(insurance: Harness, platform: str) -> None:
    """Three freight orders under a draft of a yuan each; the ledger stays as it was."""
    orders = [order(f"f-{number}", industry="freight", worker_ref=f"w{number}") for number in range(3)]
    await charge(platform, *orders, order("d-1"))
    before = await collection_of(Entry).find({"platform": platform}).sort("_id", 1).to_list(None)
    trial = await tried(insurance, DEARER)
    payments = {one["trade"]: one for one in trial["result"]["payments"] if one["payer"] == platform}
    charged = sum(float(str(row["premium"])) for row in before if row["industry"] == "freight")
    assert (payments["freight"]["count"], payments["freight"]["after"]) == (3, "3.00")
    assert float(payments["freight"]["before"]) == pytest.approx(charged)
    assert float(payments["instant_delivery"]["difference"]) == 0
    assert trial["progress"]["done"] == trial["progress"]["stages"] == len(commands.STAGES)
    assert trial["draft"] == [{"key": "oip.premium_per_order", "scope": "industry=freight", "value": "1.00"}]
    assert await collection_of(Entry).find({"platform": platform}).sort("_id", 1).to_list(None) == before
    assert await AuditEntry.find({"about": trial["trial_id"], "action": "trial.asked"}).count() == 1


async def test_many_sheets_are_taken_some_at_a_time(
    insurance: Harness, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "SHEETS_AT_ONCE", 1)
    monkeypatch.setattr(commands, "PLATFORMS_AT_ONCE", 2)
    for number in range(3):
        await charge(platform, order(f"s-{number}", industry="freight"))
    trial = await tried(insurance, DEARER)
    [freight] = [one for one in trial["result"]["payments"] if one["payer"] == platform]
    assert (freight["count"], freight["after"]) == (3, "3.00")


async def test_a_draft_changes_what_benefits_come_to(insurance: Harness, platform: str) -> None:
    """A missing average wage is in the draft: six claims' funeral sums can be told, as one kind of many people."""
    kin = {"id_number": "510681198512310027", "name": "测试乙"}
    for _ in range(6):
        claim = await recognised_claim(insurance, platform, fatal=True)
        await grant(insurance, claim, "funeral", account="6217000012345678901", kin=kin)
    month = calendar.month_of(clock.now())
    trial = await tried(insurance, AVERAGE, month)
    [funeral] = [one for one in trial["result"]["people"] if one["kind"] == "funeral"]
    assert (funeral["before"], funeral["after"]) == ("0", f"{funeral['count'] * 42000}.00")
    [table] = [one for one in trial["result"]["by_district"] if one["what"] == "benefit"]
    assert table["columns"] == ["more", "less", "same", "unknown"]


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        ("oip.premium_per_ordre: [{value: 1, from: 2027-01-01}]", "没有名为"),
        ("oip.premium_per_order: [{value: [1], from: 2027-01-01}]", "单个值"),
        ("oip.premium_per_order: [{value: 1, from: 2027-01-01}, {value: 2, from: 2027-01-02}]", "two rows"),
    ],
)
async def test_a_bad_draft_is_refused_with_the_reason(insurance: Harness, draft: str, why: str) -> None:
    headers = insurance.headers("officer", department="hrss", district="510600")
    body = {"month": "2026-09", "parameters": draft}
    answer = await insurance.http.post("/v1/trials", json=body, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/draft-refused")
    assert why in answer.text


@pytest.mark.parametrize(
    "draft",
    [
        'oip.premium_per_order: [{value: "1/3", from: 2027-01-01, scope: {industry: freight}}]',
        "employment.register_days: [{value: 999999999, from: 2027-01-01}]",
    ],
)
async def test_figures_that_lead_nowhere_end_the_trial(insurance: Harness, platform: str, draft: str) -> None:
    """They do not keep it at work for ever."""
    await charge(platform, order("n-1", industry="freight"))
    await insurance.publish(
        worker(f"person-{platform}"), engagement(EngagementActivated, platform, relation="employment")
    )
    await insurance.settled()
    headers = insurance.headers("officer", department="hrss", district="510600")
    asked = await insurance.http.post("/v1/trials", json={"month": "2026-09", "parameters": draft}, headers=headers)
    assert asked.status_code == 202, asked.text

    async def refused() -> bool:
        found = (await insurance.http.get(f"/v1/trials/{asked.json()['trial_id']}", headers=insurance.officer)).json()
        return bool(found["state"] == "refused")

    await eventually(refused, 40)


async def test_a_month_to_come_is_not_tried(insurance: Harness) -> None:
    headers = insurance.headers("officer", department="hrss", district="510600")
    body = {"month": "2099-01", "parameters": DEARER}
    answer = await insurance.http.post("/v1/trials", json=body, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/month-to-come")


async def test_only_the_citys_labour_bureau_tries_drafts(insurance: Harness) -> None:
    body = {"month": "2026-09", "parameters": DEARER}
    for department, district in (("hrss", "510681"), ("transport", "510600")):
        headers = insurance.headers("officer", department=department, district=district)
        assert (await insurance.http.post("/v1/trials", json=body, headers=headers)).status_code == 403


async def test_the_command_shows_the_same_and_stores_nothing(
    insurance: Harness, platform: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await charge(platform, order("c-1", industry="freight"))
    draft = tmp_path / "draft.yaml"
    draft.write_text(DEARER, "utf-8")
    trials = await Trial.find_all().count()
    run = trial_command(commands.STAGES).run
    assert await run(Namespace(parameters=draft, month="2026-09")) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if platform in line]
    assert [(line[0], line[2], line[3], line[5]) for line in lines] == [("premium", "freight", "1", "1.00")]
    assert await Trial.find_all().count() == trials
    draft.write_text("nothing.known: []", "utf-8")
    assert await run(Namespace(parameters=draft, month="2026-09")) == 2
    assert "没有名为 nothing.known" in capsys.readouterr().err
