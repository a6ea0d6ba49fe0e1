"""Cooperations between platforms and partners, as the partners' licences come and go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from services.registry.restrictions.documents import Listed, Restriction
from shared import clock
from shared.ids import new_id
from shared.storage.transaction import transact
from tests.harness import bearer
from tests.integration.registry.firms import Firms
from tests.unit.identity.numbers import make_uscc


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


async def test_a_partner_without_its_licence_is_refused_with_reasons(firms: Firms) -> None:
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


async def test_a_listed_platform_is_kept_from_new_cooperations(firms: Firms) -> None:
    """As a listed partner is; and nobody gets past it by an earlier date (德人社发〔2022〕95号（十一）)."""
    await firms.licensed()
    listed = Listed(
        fields=["market_access"],
        since=firms.today - dt.timedelta(days=1),
        until=firms.today + dt.timedelta(days=40),
        told_at=clock.now(),
    )
    await transact(lambda tx: Restriction(id=new_id(), uscc=firms.platform, state="in_force", listed=listed).put(tx))
    problem = (await firms.cooperate()).json()
    assert (problem["type"], problem["until"]) == ("/problems/platform-restricted", firms.day(40))
    before = await firms.cooperate(starts_on=firms.day(-5))
    assert (before.status_code, before.json()["type"]) == (422, "/problems/platform-restricted")
    assert (await firms.cooperate(firms.registry.officer, starts_on=firms.day(-5))).status_code == 201


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


async def test_cooperations_are_for_those_whom_they_concern(firms: Firms) -> None:
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
