"""Cooperations between platforms and partners, as the partners' licences come and go."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from services.registry.cooperations.documents import Cooperation
from services.registry.engagements.documents import Engagement
from services.registry.restrictions.documents import Listed, Restriction
from shared import clock
from shared.contracts.registry import (
    CooperationEnded,
    CooperationFact,
    CooperationRecorded,
    CooperationRelicensed,
    CooperationUnlicensed,
    DispatchShareExceeded,
    LicenceLapsed,
    LicenceRecorded,
)
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.client import storage
from shared.storage.transaction import transact
from tests.harness import Harness, bearer, eventually
from tests.integration.at_rest import holding
from tests.unit.identity.numbers import make_uscc

_serial = itertools.count(1)
NEWS: dict[type[CooperationFact], str] = {
    CooperationRecorded: "recorded",
    CooperationUnlicensed: "unlicensed",
    CooperationRelicensed: "relicensed",
    CooperationEnded: "ended",
}


class Firms:
    """A platform, a partner firm and a dispatch agency, on file and without licences."""

    def __init__(self, registry: Harness) -> None:
        self.registry, self.http = registry, registry.http
        self.platform, self.partner, self.agency = (make_uscc(f"C{next(_serial):08}") for _ in range(3))
        self.today = shanghai_date(clock.now())

    def day(self, count: int) -> str:
        return str(self.today + dt.timedelta(days=count))

    async def on_file(self) -> None:
        for uscc, kind in (
            (self.platform, "platform"),
            (self.partner, "partner"),
            (self.agency, "dispatch_agency"),
        ):
            filing = {"name": "试样", "kinds": [kind], "industries": ["courier"], "contact_phone": "13700000002"}
            answer = await self.http.put(f"/v1/enterprises/{uscc}", json=filing, headers=self.registry.officer)
            assert answer.status_code == 200, answer.text

    async def licence(self, kind: str, valid_from: str, valid_to: str | None, **changes: Any) -> httpx2.Response:
        uscc = changes.pop("uscc", self.partner)
        caller = changes.pop("caller", self.registry.officer)
        body = {"kind": kind, "number": f"许{kind}1号", "valid_from": valid_from, "valid_to": valid_to, **changes}
        answer: httpx2.Response = await self.http.post(f"/v1/enterprises/{uscc}/licences", json=body, headers=caller)
        return answer

    async def licensed(self, courier_until: int | None = 300) -> dict[str, Any]:
        """The partner with what a courier's needs; answers the courier licence."""
        assert (await self.licence("business", "2020-01-01", None)).status_code == 201
        until = None if courier_until is None else self.day(courier_until)
        answer = await self.licence("courier", "2020-01-01", until, industries=["courier"])
        assert answer.status_code == 201, answer.text
        return {**answer.json(), "etag": answer.headers["etag"]}

    async def cooperate(self, caller: dict[str, str] | None = None, **changes: Any) -> httpx2.Response:
        body = {
            "platform": self.platform,
            "partner": self.partner,
            "form": "outsourcing",
            "industry": "courier",
            "starts_on": self.day(-30),
        }
        own = self.registry.headers("platform", uscc=self.platform)
        answer: httpx2.Response = await self.http.post("/v1/cooperations", json=body | changes, headers=caller or own)
        return answer

    async def change(self, path: str, body: dict[str, Any], etag: str) -> httpx2.Response:
        answer: httpx2.Response = await self.http.post(
            path, json=body, headers={**self.registry.officer, "If-Match": etag}
        )
        return answer

    async def read(self, cooperation_id: str) -> dict[str, Any]:
        own = bearer("platform", uscc=self.platform)
        found: dict[str, Any] = (await self.http.get(f"/v1/cooperations/{cooperation_id}", headers=own)).json()
        return found

    async def becomes(self, cooperation_id: str, state: str) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            found = await self.read(cooperation_id)
            return found if found["state"] == state else None

        return await eventually(look)

    async def news(self) -> list[str]:
        told = [event for fact in NEWS for event in await self.registry.told_events(fact)]
        own = [event for event in told if event.data.platform == self.platform]
        return [NEWS[type(event.data)] for event in sorted(own, key=lambda event: event.id)]


@pytest.fixture
async def firms(registry: Harness) -> Firms:
    found = Firms(registry)
    await found.on_file()
    return found


@pytest.fixture
def days_pass(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    real = clock.now

    def pass_days(count: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: real() + dt.timedelta(days=count))

    return pass_days


async def test_a_partner_that_holds_what_the_trade_demands_is_taken(firms: Firms) -> None:
    await firms.licensed()
    answer = await firms.cooperate()
    assert answer.status_code == 201, answer.text
    seen = await firms.read(answer.json()["cooperation_id"])
    assert (seen["state"], seen["missing"], seen["district"]) == ("licensed", [], "510600")
    assert seen["advances"]["uscc"] == firms.platform
    assert seen["advances"]["source"] == "德人社发〔2022〕95号 （三）"
    assert "快递暂行条例 第17条" in {used["source"] for used in seen["used"]}
    assert await firms.news() == ["recorded"]


async def test_a_partner_without_its_licence_on_the_first_day_is_refused_with_the_reason(firms: Firms) -> None:
    await firms.licensed(courier_until=-40)
    answer = await firms.cooperate()
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, "/problems/partner-unlicensed")
    assert problem["day"] == firms.day(-30)
    assert [(lack["kind"], lack["source"]) for lack in problem["missing"]] == [("courier", "快递暂行条例 第17条")]
    assert "快递业务经营许可" in problem["title"]
    earlier = await firms.cooperate(starts_on=firms.day(-50))
    assert earlier.status_code == 201  # it held it then; that it lapsed since is told at once
    assert await firms.news() == ["recorded", "unlicensed"]
    assert earlier.json()["unlicensed_since"] == firms.day(-39)


async def test_dispatch_needs_an_agency_with_its_licence(firms: Firms) -> None:
    await firms.licence("business", "2020-01-01", None, uscc=firms.agency)
    refused = await firms.cooperate(partner=firms.agency, form="dispatch")
    assert [lack["source"] for lack in refused.json()["missing"]] == ["劳动合同法 第57条"]
    await firms.licence("labour_dispatch", "2020-01-01", None, uscc=firms.agency)
    assert (await firms.cooperate(partner=firms.agency, form="dispatch")).status_code == 201
    wrong_kind = await firms.cooperate(partner=firms.agency, form="outsourcing")
    assert wrong_kind.json()["type"] == "/problems/partner-not-on-file"


async def test_who_is_not_on_file_or_restricted_is_refused(firms: Firms) -> None:
    await firms.licensed()
    unknown = make_uscc("C99999999")
    assert (await firms.cooperate(partner=unknown)).json()["type"] == "/problems/partner-not-on-file"
    officer = firms.registry.officer
    assert (await firms.cooperate(officer, platform=unknown)).json()["type"] == "/problems/platform-not-on-file"
    listed = Listed(
        fields=["market_access"],
        since=firms.today - dt.timedelta(days=40),
        until=firms.today + dt.timedelta(days=40),
        told_at=clock.now(),
    )
    await transact(lambda tx: Restriction(id=new_id(), uscc=firms.partner, state="in_force", listed=listed).put(tx))
    problem = (await firms.cooperate()).json()
    assert (problem["type"], problem["until"]) == ("/problems/partner-restricted", firms.day(40))
    assert (await firms.cooperate(starts_on=firms.day(41))).status_code == 201


async def test_a_licence_that_lapses_tells_of_every_cooperation_and_its_renewal_too(
    firms: Firms, days_pass: Callable[[int], None]
) -> None:
    licence = await firms.licensed(courier_until=5)
    cooperation = (await firms.cooperate()).json()["cooperation_id"]
    days_pass(6)
    seen = await firms.becomes(cooperation, "unlicensed")
    assert (seen["missing"], seen["unlicensed_since"]) == (["courier"], firms.day(6))
    assert seen["missing_names"] == ["快递业务经营许可"]
    lapsed = [fact for fact in await firms.registry.told(LicenceLapsed) if fact.uscc == firms.partner]
    assert [str(fact.valid_to) for fact in lapsed] == [firms.day(5)]
    path = f"/v1/licences/{licence['licence_id']}"
    now = (await firms.http.get(path, headers=firms.registry.officer)).headers["etag"]
    assert (await firms.change(f"{path}/renewals", {"valid_to": firms.day(3)}, now)).status_code == 422
    assert (await firms.change(f"{path}/renewals", {"valid_to": firms.day(900)}, now)).status_code == 200
    assert (await firms.read(cooperation))["state"] == "licensed"
    assert await firms.news() == ["recorded", "unlicensed", "relicensed"]


async def test_a_licence_that_begins_later_counts_from_its_day(firms: Firms, days_pass: Callable[[int], None]) -> None:
    await firms.licensed(courier_until=2)
    cooperation = (await firms.cooperate()).json()["cooperation_id"]
    again = await firms.licence("courier", firms.day(10), None, number="新证")
    assert again.status_code == 201
    days_pass(4)
    await firms.becomes(cooperation, "unlicensed")
    days_pass(11)
    await firms.becomes(cooperation, "licensed")


async def test_a_revoked_licence_is_gone_at_once_and_for_good(firms: Firms) -> None:
    licence = await firms.licensed()
    cooperation = (await firms.cooperate()).json()["cooperation_id"]
    path, body = f"/v1/licences/{licence['licence_id']}", {"revoked_on": firms.day(-3), "reason": "违法经营"}
    too_late = {**body, "revoked_on": firms.day(1)}
    assert (await firms.change(f"{path}/revocation", too_late, licence["etag"])).status_code == 422
    revoked = await firms.change(f"{path}/revocation", body, licence["etag"])
    assert (revoked.json()["state"], revoked.json()["valid_to"]) == ("revoked", firms.day(-4))
    assert revoked.json()["revocation"] == body["reason"]
    assert await holding(str(body["reason"])) == []
    seen = await firms.read(cooperation)
    assert (seen["state"], seen["unlicensed_since"]) == ("unlicensed", firms.day(-3))
    renewal = await firms.change(f"{path}/renewals", {"valid_to": None}, revoked.headers["etag"])
    assert renewal.status_code == 409
    assert (await firms.cooperate(starts_on=firms.day(-2), industry="courier")).status_code == 422


async def test_a_cooperation_recorded_while_the_licence_is_revoked_never_passes_for_licensed(firms: Firms) -> None:
    licence = await firms.licensed()
    body = {"revoked_on": firms.day(-40), "reason": "违法经营"}
    revocation = firms.change(f"/v1/licences/{licence['licence_id']}/revocation", body, licence["etag"])
    answers = await asyncio.gather(
        revocation, *(firms.cooperate(starts_on=firms.day(-number)) for number in range(1, 4))
    )
    assert answers[0].status_code == 200
    assert {answer.status_code for answer in answers[1:]} <= {201, 409, 422}
    for answer in answers[1:]:
        if answer.status_code == 201:
            assert (await firms.read(answer.json()["cooperation_id"]))["state"] == "unlicensed"


async def test_a_licence_is_recorded_once_by_who_grants_it(firms: Firms) -> None:
    post = firms.registry.headers("officer", department="post", district="510600")
    assert (await firms.licence("courier", "2026-01-01", None, caller=post)).status_code == 201
    assert (
        await firms.licence(
            "labour_dispatch",
            "2026-01-01",
            None,
            caller=firms.registry.headers("officer", department="post", district="510600"),
        )
    ).status_code == 403
    assert (await firms.licence("courier", "2027-01-01", None)).status_code == 409
    assert (await firms.licence("courier", "2026-01-01", "2025-12-31", number="别的")).status_code == 422
    assert (await firms.licence("courier", "2026-01-01", None, uscc=make_uscc("C99999998"))).status_code == 404
    told = [fact for fact in await firms.registry.told(LicenceRecorded) if fact.uscc == firms.partner]
    assert [(fact.kind, fact.valid_to) for fact in told] == [("courier", None)]


async def test_a_cooperation_ends_when_its_last_day_is_over(firms: Firms, days_pass: Callable[[int], None]) -> None:
    await firms.licensed(courier_until=None)
    answer = await firms.cooperate()
    path = f"/v1/cooperations/{answer.json()['cooperation_id']}"
    own = {**firms.registry.headers("platform", uscc=firms.platform), "If-Match": answer.headers["etag"]}
    ended = await firms.http.post(f"{path}/end", json={"ends_on": firms.day(3)}, headers=own)
    assert (ended.json()["state"], ended.json()["ends_on"]) == ("licensed", firms.day(3))
    longer = await firms.change(f"{path}/end", {"ends_on": firms.day(9)}, ended.headers["etag"])
    assert longer.status_code == 422
    days_pass(4)
    await firms.becomes(answer.json()["cooperation_id"], "ended")
    now = (await firms.http.get(path, headers=firms.registry.officer)).headers["etag"]
    assert (await firms.change(f"{path}/end", {"ends_on": firms.day(3)}, now)).status_code == 409
    assert await firms.news() == ["recorded", "recorded", "ended"]
    again = await firms.cooperate(starts_on=firms.day(4))
    assert again.status_code == 201


async def test_the_same_cooperation_is_on_file_once(firms: Firms) -> None:
    await firms.licensed()
    first = await firms.cooperate(ends_on=firms.day(30))
    repeated = await firms.cooperate(starts_on=firms.day(0))
    assert (repeated.status_code, repeated.json()["cooperation_id"]) == (409, first.json()["cooperation_id"])
    assert (await firms.cooperate(starts_on=firms.day(31))).status_code == 201
    ended = await firms.cooperate(starts_on=firms.day(-90), ends_on=firms.day(-60))
    assert ended.json()["state"] == "ended"


async def test_cooperations_are_seen_and_changed_by_those_whom_they_concern(firms: Firms) -> None:
    await firms.licensed()
    other = firms.registry.headers("platform", uscc=make_uscc("C99999997"))
    assert (await firms.cooperate(other)).status_code == 403
    mine = firms.registry.headers("officer", department="transport", district="510603")
    assert (await firms.cooperate(mine)).status_code == 403  # the whole city is not a district's
    made = await firms.cooperate(mine, district="510603")
    assert made.status_code == 201, made.text
    path = f"/v1/cooperations/{made.json()['cooperation_id']}"

    async def status(caller: dict[str, str]) -> int:
        return int((await firms.http.get(path, headers=caller)).status_code)

    async def listed(caller: dict[str, str]) -> int:
        answer = await firms.http.get(f"/v1/cooperations?partner={firms.partner}", headers=caller)
        return len(answer.json()["items"])

    elsewhere = bearer("officer", department="hrss", district="510681")
    partner = bearer("platform", uscc=firms.partner)
    assert [await status(who) for who in (firms.registry.officer, mine, partner)] == [200, 200, 200]
    assert [await status(who) for who in (elsewhere, other, bearer("worker", worker_id="w"))] == [404, 404, 403]
    assert [await listed(who) for who in (firms.registry.officer, mine, elsewhere, other)] == [1, 1, 0, 0]
    headers = {**partner, "If-Match": '"1"', "Idempotency-Key": new_id()}
    assert (await firms.http.post(f"{path}/end", json={"ends_on": firms.day(0)}, headers=headers)).status_code == 403


async def _engage(platform: str, worker: str, *, dispatched: bool) -> None:
    engagement = Engagement.model_validate(
        {
            "platform": platform,
            "worker_ref": worker,
            "started_on": dt.date(2026, 1, 1),
            "worker_id": worker,
            "industry": "courier",
            "relation": "employment",
            "district": "510603",
            "agreement": None,
            "safety_training": None,
            "partner_uscc": None,
            "dispatched": dispatched,
            "declared_at": clock.now(),
        }
    )
    await transact(engagement.put)


async def test_too_many_dispatched_people_are_told_of_once_while_it_lasts(
    firms: Firms, days_pass: Callable[[int], None]
) -> None:
    for kind in ("business", "labour_dispatch"):
        await firms.licence(kind, "2020-01-01", None, uscc=firms.agency)
    assert (await firms.cooperate(partner=firms.agency, form="dispatch")).status_code == 201
    for number in range(8):
        await _engage(firms.platform, f"{firms.platform}-{number}", dispatched=number == 0)
    path = f"/v1/enterprises/{firms.platform}/dispatch-share"
    seen = (await firms.http.get(path, headers=firms.registry.officer)).json()
    assert (seen["dispatched"], seen["employed"], seen["percent"], seen["exceeded"]) == (1, 7, "12.5", True)
    assert (seen["limit_percent"], seen["used"][0]["source"]) == ("10", "劳务派遣暂行规定 第4条")
    other = bearer("platform", uscc=firms.partner)
    assert (await firms.http.get(path, headers=other)).status_code == 403
    early = await firms.http.get(f"{path}?on=2013-01-01", headers=firms.registry.officer)
    assert early.status_code == 422

    async def told() -> list[DispatchShareExceeded]:
        return [fact for fact in await firms.registry.told(DispatchShareExceeded) if fact.uscc == firms.platform]

    async def watched(day: int) -> bool:
        timer = await storage().collection("timers").find_one({"_id": f"registry.dispatch_share:{firms.platform}"})
        return timer is not None and str(shanghai_date(timer["due_at"])) == firms.day(day)

    days_pass(1)
    [fact] = await eventually(told)
    assert (fact.percent, fact.limit_percent, str(fact.on)) == ("12.5", "10", firms.day(0))
    days_pass(2)
    await eventually(lambda: watched(3))
    assert len(await told()) == 1
    for number in range(8, 10):
        await _engage(firms.platform, f"{firms.platform}-{number}", dispatched=False)
    days_pass(3)
    await eventually(lambda: watched(4))
    await _engage(firms.platform, f"{firms.platform}-10", dispatched=True)
    days_pass(4)

    async def told_again() -> bool:
        return len(await told()) == 2

    await eventually(told_again)


async def test_the_watch_of_dispatch_ends_with_the_last_agency(firms: Firms, days_pass: Callable[[int], None]) -> None:
    for kind in ("business", "labour_dispatch"):
        await firms.licence(kind, "2020-01-01", None, uscc=firms.agency)
    made = await firms.cooperate(partner=firms.agency, form="dispatch", ends_on=firms.day(0))
    days_pass(2)
    await firms.becomes(made.json()["cooperation_id"], "ended")
    days_pass(4)

    async def unwatched() -> bool:
        timers = storage().collection("timers")
        return await timers.find_one({"_id": f"registry.dispatch_share:{firms.platform}"}) is None

    await eventually(unwatched)
    assert await Cooperation.find({"platform": firms.platform, "state": "ended"}).count() == 1
