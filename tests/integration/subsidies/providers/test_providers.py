"""Bodies that train or evaluate, from filing to the end of it."""

from __future__ import annotations

import asyncio
import datetime as dt

from services.subsidies.providers import commands
from services.subsidies.providers.documents import PHONE, Provider
from shared.contracts.subsidies import (
    ProviderChecked,
    ProviderEnded,
    ProviderExpiring,
    ProviderResumed,
    ProviderSubmitted,
    ProviderSuspended,
)
from shared.storage.client import storage
from shared.storage.encryption import open_sealed
from shared.storage.transaction import transact
from tests.harness import Harness
from tests.integration.subsidies.bodies import (
    filed_as,
    in_days,
    on_file,
    provider,
    step,
    submit,
    today,
    uscc,
)

FILINGS = "/v1/training-provider-filings"


async def listed(subsidies: Harness, **query: str) -> set[str]:
    found = await subsidies.http.get(
        "/v1/training-providers", params={"limit": "500", **query}, headers=subsidies.headers("worker", worker_id="w-1")
    )
    assert found.status_code == 200, found.text
    return {one["filing_id"] for one in found.json()["items"]}


async def test_everybody_finds_a_body_once_it_is_accepted(subsidies: Harness) -> None:
    filing = await submit(subsidies, uscc(1), "technical_school")
    assert (filing["state"], filing["department"], filing["phone"]) == ("submitted", "hrss", "138****8000")
    assert filing["filing_id"] not in await listed(subsidies)
    path = f"{FILINGS}/{filing['filing_id']}/acceptance"
    days = {"valid_from": str(today()), "valid_to": in_days(365)}
    accepted = await step(subsidies, subsidies.officer, path, days)
    assert (accepted["state"], accepted["valid_to"]) == ("filed", days["valid_to"])
    assert {one["key"] for one in accepted["used"]} >= {"training_provider.checked_by[technical_school]"}
    assert filing["filing_id"] in await listed(subsidies, kind="technical_school", district="510603")
    assert filing["filing_id"] not in await listed(subsidies, kind="training_body")
    (told,) = [one for one in await subsidies.told(ProviderChecked) if one.filing_id == filing["filing_id"]]
    assert (told.accepted, told.provider, str(told.valid_to)) == (True, uscc(1), days["valid_to"])


async def test_the_phone_is_encrypted_and_travels_sealed(subsidies: Harness) -> None:
    filing = await submit(subsidies, uscc(2), "training_body")
    row = await storage().collection("providers").find_one({"_id": filing["filing_id"]})
    assert row is not None
    assert "13800138000" not in str(row)
    assert (await Provider.find(Provider.id == filing["filing_id"]).to_list())[0].clear_phone == "13800138000"
    assert PHONE == "provider.phone"
    (told,) = [one for one in await subsidies.told(ProviderSubmitted) if one.provider == uscc(2)]
    assert open_sealed("notifier-provider", told.for_notifier_provider) == {"phone": "13800138000"}


async def test_the_couriers_base_is_the_postal_administrations(subsidies: Harness) -> None:
    filing = await submit(subsidies, uscc(3), "courier_base")
    path = f"{FILINGS}/{filing['filing_id']}/acceptance"
    days = {"valid_from": str(today()), "valid_to": in_days(365)}
    await step(subsidies, subsidies.officer, path, days, expect=404)
    post = subsidies.headers("officer", department="post", district="510603")
    assert (await step(subsidies, post, path, days))["state"] == "filed"


async def test_two_filings_at_the_same_moment_are_one(subsidies: Harness) -> None:
    answers = await asyncio.gather(
        *(
            subsidies.http.post(FILINGS, json=filed_as("training_body"), headers=provider(subsidies, uscc(4)))
            for _ in range(4)
        )
    )
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
    assert len([one for one in await subsidies.told(ProviderSubmitted) if one.provider == uscc(4)]) == 1


async def test_one_body_files_as_trainer_and_as_evaluator(subsidies: Harness) -> None:
    both = {await on_file(subsidies, uscc(5), kind) for kind in ("training_body", "evaluation_body")}
    own = await subsidies.http.get(FILINGS, headers=provider(subsidies, uscc(5)))
    assert {one["filing_id"] for one in own.json()["items"]} == both


async def test_two_officers_at_the_same_moment_decide_once(subsidies: Harness) -> None:
    filing = await submit(subsidies, uscc(6), "training_body")
    path = f"{FILINGS}/{filing['filing_id']}"
    days = {"valid_from": str(today()), "valid_to": in_days(365)}
    seen = {**subsidies.officer, "If-Match": '"1"'}
    answers = await asyncio.gather(
        subsidies.http.post(f"{path}/acceptance", json=days, headers=seen),
        subsidies.http.post(f"{path}/refusal", json={"reason": "场地不符合要求"}, headers=seen),
    )
    assert sorted(one.status_code for one in answers) == [200, 412]
    assert len([one for one in await subsidies.told(ProviderChecked) if one.provider == uscc(6)]) == 1


async def test_a_reason_is_read_by_the_body_and_lies_encrypted(subsidies: Harness) -> None:
    filing = await submit(subsidies, uscc(7), "training_body")
    path = f"{FILINGS}/{filing['filing_id']}"
    await step(subsidies, subsidies.officer, f"{path}/refusal", {"reason": "师资证明不全"})
    read = (await subsidies.http.get(path, headers=provider(subsidies, uscc(7)))).json()
    assert [(one["move"], one["reason"]) for one in read["steps"]] == [("submit", None), ("refuse", "师资证明不全")]
    row = await storage().collection("providers").find_one({"_id": filing["filing_id"]})
    assert "师资" not in str(row)
    again = await submit(subsidies, uscc(7), "training_body", address="天山南路二段 2 号")
    assert (again["state"], again["filing_id"]) == ("submitted", filing["filing_id"])


async def test_who_files_and_withdraws_all_day_is_held_up(subsidies: Harness) -> None:
    for seen in (1, 3, 5):
        filing = await submit(subsidies, uscc(14), "training_body")
        path = f"{FILINGS}/{filing['filing_id']}/withdrawal"
        await step(subsidies, provider(subsidies, uscc(14)), path, seen=seen)
    refused = await submit(subsidies, uscc(14), "training_body", expect=409)
    assert refused["type"] == "/problems/filed-too-often"
    assert len([one for one in await subsidies.told(ProviderSubmitted) if one.provider == uscc(14)]) == 3
    await submit(subsidies, uscc(14), "technical_school")


async def test_a_suspension_is_told_and_ends(subsidies: Harness) -> None:
    filing_id = await on_file(subsidies, uscc(8))
    path = f"{FILINGS}/{filing_id}"
    await step(subsidies, subsidies.officer, f"{path}/suspension", {"reason": "投诉核查"}, seen=2)
    assert filing_id not in await listed(subsidies)
    await step(subsidies, subsidies.officer, f"{path}/resumption", seen=3)
    assert filing_id in await listed(subsidies)
    for fact in (ProviderSuspended, ProviderResumed):
        assert len([one for one in await subsidies.told(fact) if one.filing_id == filing_id]) == 1


async def test_a_removed_body_is_on_file_no_more(subsidies: Harness) -> None:
    filing_id = await on_file(subsidies, uscc(9))
    await step(subsidies, subsidies.officer, f"{FILINGS}/{filing_id}/removal", {"reason": "虚假培训"}, seen=2)
    assert filing_id not in await listed(subsidies)
    timers = storage().collection("timers")
    assert await timers.count_documents({"key": filing_id}) == 0
    assert [one.ending for one in await subsidies.told(ProviderEnded) if one.filing_id == filing_id] == ["removed"]


async def test_a_filing_expires_after_its_last_day_and_says_so_once(subsidies: Harness) -> None:
    filing_id = await on_file(subsidies, uscc(10))
    last = today() + dt.timedelta(300)
    timers = storage().collection("timers")
    due = {row["kind"]: row["due_at"] async for row in timers.find({"key": filing_id})}
    assert due["subsidies.provider_expiry"] - due["subsidies.provider_reminder"] == dt.timedelta(61)
    await transact(lambda tx: commands.remind(filing_id, last, tx))
    for _ in range(2):
        await transact(lambda tx: commands.expire(filing_id, last, tx))
    assert [one.valid_to for one in await subsidies.told(ProviderExpiring) if one.filing_id == filing_id] == [last]
    assert [one.ending for one in await subsidies.told(ProviderEnded) if one.filing_id == filing_id] == ["expired"]
    again = await submit(subsidies, uscc(10), "training_body")
    assert (again["state"], again["valid_to"]) == ("submitted", None)


async def test_the_timer_of_a_renewed_filing_is_moot(subsidies: Harness) -> None:
    filing_id = await on_file(subsidies, uscc(11))
    renewal = {"valid_to": in_days(600)}
    await step(subsidies, subsidies.officer, f"{FILINGS}/{filing_id}/renewal", renewal, seen=2)
    await transact(lambda tx: commands.expire(filing_id, today() + dt.timedelta(300), tx))
    read = (await subsidies.http.get(f"{FILINGS}/{filing_id}", headers=subsidies.officer)).json()
    assert (read["state"], read["valid_to"]) == ("filed", renewal["valid_to"])


async def test_another_body_and_another_district_see_nothing(subsidies: Harness) -> None:
    filing = await submit(subsidies, uscc(12), "training_body")
    path = f"{FILINGS}/{filing['filing_id']}"
    strangers = (
        provider(subsidies, uscc(13)),
        subsidies.headers("officer", department="hrss", district="510681"),
        subsidies.headers("officer", department="post", district="510603"),
    )
    for who in strangers:
        assert (await subsidies.http.get(path, headers=who)).status_code == 404
    for who in strangers[1:]:
        await step(subsidies, who, f"{path}/refusal", {"reason": "x"}, expect=404)
    await step(subsidies, strangers[0], f"{path}/withdrawal", expect=404)
    assert (await step(subsidies, provider(subsidies, uscc(12)), f"{path}/withdrawal"))["state"] == "withdrawn"
