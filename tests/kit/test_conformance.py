"""`make conformance` against a gateway: whether it judges as the kit does, and what it says of a platform's own events."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from deploy.kit.sets import ill_made, well_made
from shared import clock
from tests.end_to_end.articles.city import new_id_number, new_platform
from tests.end_to_end.events import engagement, profile
from tests.kit.door import Door, run
from tests.kit.proxy import PASS, TAKES_ALL, TOO_MANY

CONFORMANCE = [sys.executable, "-X", "utf8", "-m", "deploy.kit.conformance"]


async def test_the_gateway_judges_as_the_kit_does(door: Door) -> None:
    platform = new_platform()
    secret = await door.signing_secret(platform)
    door.proxy.play([TOO_MANY, PASS])
    status, out, err = await run(CONFORMANCE, door.environment(platform, SIGNING_SECRET=secret))
    assert status == 0, out + err
    tried = len(well_made(platform)) + len(ill_made(platform, clock.now()))
    assert f"{tried} 个事件全部符合 · all {tried} events are right" in out
    assert "partner_uscc 不是有效的统一社会信用代码" in out
    assert "✗" not in out


async def test_a_token_alone_says_whose_events_they_are(door: Door) -> None:
    platform = new_platform()
    environment = door.environment(platform)
    form = {
        "grant_type": "client_credentials",
        "client_id": environment["CLIENT_ID"],
        "client_secret": door.city.secret,
    }
    token = (await door.city.http.post(f"{door.city.urls['issuer']}/oauth2/token", data=form)).json()["access_token"]
    door.proxy.play([])
    status, out, err = await run(CONFORMANCE, {"URL": door.proxy.url, "TOKEN": token})
    assert status == 0, out + err


async def test_a_gateway_that_judges_otherwise_is_told_of(door: Door) -> None:
    door.proxy.play([TAKES_ALL])
    platform = new_platform()
    wrong = len(ill_made(platform, clock.now()))
    tried = wrong + len(well_made(platform))
    status, out, _ = await run(CONFORMANCE, door.environment(platform))
    assert status == 1
    assert "应为 expected: severity 缺失或不符合格式" in out
    assert f"{tried} 个事件中 {wrong} 个不符合 · {wrong} of {tried} events are not right" in out


async def test_a_platform_reads_what_its_own_events_lack(door: Door, tmp_path: Path) -> None:
    platform = new_platform()
    events = [profile(platform), *(engagement(platform, f"w-{number}", new_id_number()) for number in range(6))]
    for wrong in events[2:5]:
        wrong["data"]["district"] = "510104"
    del events[6]["data"]["phone"]
    file = tmp_path / "events.jsonl"
    file.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    door.proxy.play([])
    status, out, err = await run(CONFORMANCE, door.environment(platform, EVENTS=str(file)))
    assert status == 1, err
    rows = [
        [cell.strip() for cell in line.split("│")[2:-1]] for line in out.splitlines() if "engagement.started" in line
    ]
    assert [row[1:2] + row[-2:] for row in rows] == [["6", "3", "3, 4, 5"], ["6", "1", "7"]]
    assert "4 of 7 events are not right" in out


async def test_without_a_token_nothing_is_found_out(door: Door) -> None:
    status, out, _ = await run(CONFORMANCE, {"URL": door.proxy.url})
    assert status == 2
    assert "a token is needed" in out
