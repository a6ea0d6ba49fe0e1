"""From a credit listing to what an enterprise is stopped from."""

from __future__ import annotations

import datetime as dt
import itertools
from functools import partial
from typing import Any

from services.registry.restrictions import commands
from shared import clock
from shared.contracts.complaints import EnterpriseDelisted, EnterpriseListed
from shared.contracts.registry import RestrictionApplied, RestrictionFact, RestrictionLifted
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import transact
from tests.harness import Harness, bearer
from tests.integration.at_rest import holding
from tests.unit.identity.numbers import make_uscc

_serial = itertools.count(1)


class Listing:
    """One enterprise's credit listing, from today for a year."""

    def __init__(self, registry: Harness) -> None:
        self.registry = registry
        self.uscc, self.id = make_uscc(f"RE{next(_serial):07}"), new_id()
        self.today = shanghai_date(clock.now())
        self.until = self.day(365)

    def day(self, count: int) -> dt.date:
        return self.today + dt.timedelta(days=count)

    def _facts(self, **changes: Any) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "listing_id": self.id,
            "uscc": self.uscc,
            "case_id": None,
            "listed_on": self.today,
            "until": self.until,
            "restricts": ("market_access", "awards"),
        }
        return facts | changes

    async def listed(self, at: dt.datetime | None = None, **changes: Any) -> None:
        await self.registry.publish(EnterpriseListed(**self._facts(**changes)), time=at)
        await self.registry.settled()

    async def delisted(self, on: dt.date, **changes: Any) -> None:
        facts = self._facts(**changes)
        await self.registry.publish(EnterpriseDelisted(**facts, delisted_on=on, reason="corrected"))
        await self.registry.settled()

    async def public(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.registry.http.get(f"/v1/enterprises/{self.uscc}/restrictions")).json()
        return found

    async def history(self) -> dict[str, Any]:
        answer = await self.registry.http.get(f"/v1/restrictions?uscc={self.uscc}", headers=self.registry.officer)
        [item] = answer.json()["items"]
        return dict(item)

    async def told(self) -> list[str]:
        facts: tuple[type[RestrictionFact], ...] = (RestrictionApplied, RestrictionLifted)
        told = [event for fact in facts for event in await self.registry.told_events(fact)]
        return [
            f"{event.type.split('.')[-2]} until {event.data.until}"
            for event in sorted(told, key=lambda event: event.id)
            if event.data.uscc == self.uscc
        ]


async def test_a_listing_restricts_and_everybody_can_read_what(registry: Harness) -> None:
    listing = Listing(registry)
    assert await listing.public() == []
    await listing.listed()
    [seen] = await listing.public()
    assert (seen["since"], seen["until"]) == (str(listing.today), str(listing.until))
    assert [field["code"] for field in seen["stops"]] == ["market_access", "awards"]
    assert "合作用工" in seen["stops"][0]["zh"]
    [told] = [fact for fact in await registry.told(RestrictionApplied) if fact.uscc == listing.uscc]
    assert (told.fields, told.since, told.until) == (("market_access", "awards"), listing.today, listing.until)


async def test_a_listing_extended_restricts_longer(registry: Harness) -> None:
    listing, now = Listing(registry), clock.now()
    await listing.listed(now, until=listing.day(700))
    await listing.listed(now - dt.timedelta(days=3))
    assert (await listing.public())[0]["until"] == str(listing.day(700))
    assert await listing.told() == [f"applied until {listing.day(700)}"]


async def test_delisting_lifts_after_its_day(registry: Harness) -> None:
    listing = Listing(registry)
    await listing.listed(listed_on=listing.day(-9))
    await listing.delisted(listing.day(-1))
    assert await listing.public() == []
    assert (await listing.history())["state"] == "delisted"
    assert await listing.told() == [f"applied until {listing.until}", f"lifted until {listing.day(-1)}"]


async def test_delisted_before_listed_ends_lifted(registry: Harness) -> None:
    listing = Listing(registry)
    await listing.delisted(listing.day(-1), listed_on=listing.day(-9))
    assert (await listing.history())["since"] is None
    await listing.listed(listed_on=listing.day(-9))
    assert await listing.public() == []
    seen = await listing.history()
    assert (seen["state"], seen["since"], seen["until"]) == (
        "delisted",
        str(listing.day(-9)),
        str(listing.day(-1)),
    )
    assert (await listing.told())[-1] == f"lifted until {listing.day(-1)}"


async def test_an_extension_brings_an_expired_restriction_back(registry: Harness) -> None:
    listing = Listing(registry)
    await listing.listed(clock.now() - dt.timedelta(days=1), listed_on=listing.day(-9), until=listing.today)
    assert len(await listing.public()) == 1
    await transact(lambda tx: commands.expire(listing.id, tx))  # fired too early: it holds through today
    assert (await listing.history())["state"] == "in_force"
    await listing.listed(listed_on=listing.day(-9), until=listing.day(-1))
    assert (await listing.history())["state"] == "expired"
    await listing.listed(listed_on=listing.day(-9), until=listing.day(30))
    assert len(await listing.public()) == 1
    assert (await listing.told())[-2:] == [f"lifted until {listing.day(-1)}", f"applied until {listing.day(30)}"]


async def test_an_officer_of_the_city_lifts_it_once_and_for_good(registry: Harness) -> None:
    listing = Listing(registry)
    await listing.listed()
    path = f"/v1/restrictions/{listing.id}"
    etag = (await registry.http.get(path, headers=registry.officer)).headers["etag"]

    async def lift(caller: dict[str, str], etag: str) -> int:
        body = {"reason": "已全部履行义务，信用修复"}
        headers = {**caller, "If-Match": etag}
        return int((await registry.http.post(f"{path}/withdrawal", json=body, headers=headers)).status_code)

    district = registry.headers("officer", department="hrss", district="510603")
    assert await lift(district, etag) == 403
    assert await lift(registry.officer, '"9"') == 412
    assert await lift(registry.officer, etag) == 200
    assert await listing.public() == []
    later = (await registry.http.get(path, headers=registry.officer)).headers["etag"]
    assert await lift(registry.officer, later) == 409
    await listing.listed(until=listing.day(900))
    assert await listing.public() == []
    assert (await listing.history())["withdrawal_reason"] == "已全部履行义务，信用修复"
    assert await holding("已全部履行义务，信用修复") == []


async def test_an_enterprise_reads_its_own_history_and_no_others(registry: Harness) -> None:
    listing = Listing(registry)
    await listing.listed()
    own, other = bearer("platform", uscc=listing.uscc), bearer("platform", uscc=make_uscc("RE999999X"))
    assert len((await registry.http.get("/v1/restrictions", headers=own)).json()["items"]) == 1
    assert (await registry.http.get("/v1/restrictions", headers=other)).json()["items"] == []
    asked = await registry.http.get(f"/v1/restrictions?uscc={listing.uscc}", headers=other)
    assert asked.status_code == 403
    assert (await registry.http.get(f"/v1/restrictions/{listing.id}", headers=other)).status_code == 404
    worker = bearer("worker", worker_id="w")
    assert (await registry.http.get("/v1/restrictions", headers=worker)).status_code == 403


async def test_the_order_of_a_listings_words_does_not_matter(registry: Harness) -> None:
    now = clock.now()
    ends = set()
    for order in itertools.permutations(("listed", "extended", "delisted")):
        listing = Listing(registry)
        facts = listing._facts(listed_on=listing.day(-9))
        longer = facts | {"until": listing.day(700), "restricts": ("awards", "travel")}
        for word in order:
            match word:
                case "listed":
                    await transact(partial(commands.enlist, EnterpriseListed(**facts), now - dt.timedelta(days=9)))
                case "extended":
                    await transact(partial(commands.enlist, EnterpriseListed(**longer), now))
                case "delisted":
                    end = EnterpriseDelisted(**longer, delisted_on=listing.day(-1), reason="revoked")
                    await transact(partial(commands.delist, end))
        seen = await listing.history()
        ends.add((seen["state"], seen["since"], seen["until"], str(seen["stops"])))
        assert (await listing.told())[-1] == f"lifted until {listing.day(-1)}"
    assert len(ends) == 1


async def test_the_enterprise_is_told_in_writing_what_it_is_kept_from(registry: Harness) -> None:
    listing = Listing(registry)
    await listing.listed(restricts=("market_access", "awards", "government_funds"))
    path = f"/v1/restrictions/{listing.id}/notice"
    own = (await registry.http.get(path, headers=bearer("platform", uscc=listing.uscc))).json()["text"]
    for part in (
        listing.uscc,
        str(listing.until),
        "市场准入",
        "评优评先",
        "补贴申请",
        "不得新建立平台合作用工",
        "行政复议",
    ):
        assert part in own
    stranger = bearer("platform", uscc=make_uscc("RE999999X"))
    assert (await registry.http.get(path, headers=stranger)).status_code == 404
    await listing.delisted(listing.today)
    over = (await registry.http.get(path, headers=registry.officer)).json()["text"]
    assert f"已因移出失信名单解除，最后一日为{listing.today}" in over
