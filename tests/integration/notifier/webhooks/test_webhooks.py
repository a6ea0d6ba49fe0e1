"""A platform registers, proves, changes and removes its webhooks."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import httpx2
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from services.notifier.settings import WEBHOOKS_PER_PLATFORM
from services.notifier.webhooks.commands import CHALLENGE
from shared import clock
from shared.contracts.notifier import WebhookDisabled
from shared.contracts.registry import EnterpriseRegistered
from shared.storage.client import storage
from shared.storage.encryption import seal_for
from tests.harness import eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person
from tests.integration.notifier.webhooks.conftest import Platform, Receiver, quiet


async def post(platform: Platform, path: str = "", **body: Any) -> httpx2.Response:
    return await platform.world.notifier.http.post(f"/v1/webhooks{path}", json=body, headers=platform.headers)


async def test_an_address_is_used_after_it_answered_its_challenge(platform: Platform) -> None:
    await platform.register()
    assert platform.hook.challenges == 1
    [attempt] = await platform.attempts()
    assert (attempt["type"], attempt["reason"], attempt["status"]) == ("webhook.challenge", "delivered", 200)
    listed = await platform.world.notifier.http.get("/v1/webhooks", headers=platform.headers)
    assert [one["id"] for one in listed.json()["items"]] == [platform.id]


async def test_the_secret_is_shown_once_and_kept_encrypted(platform: Platform) -> None:
    await platform.register()
    assert platform.hook.secret.startswith("whsec_")
    assert "secret" not in await platform.read()
    row = await storage().collection("webhooks").find_one({"_id": platform.id})
    assert platform.hook.secret.removeprefix("whsec_") not in str(row)


async def test_who_does_not_echo_the_token_gets_no_events(platform: Platform) -> None:
    platform.hook.echoes = False
    answer = await post(platform, url=platform.hook.url)
    platform.id, platform.hook.secret = answer.json()["id"], answer.json()["secret"]
    await platform.tried("challenge_not_answered")
    await platform.billed("1.00")
    await quiet(platform.world)
    assert (await platform.read())["state"] == "pending"
    assert platform.hook.got == []
    platform.hook.echoes = True
    await platform.bring_forward(CHALLENGE.name)
    await platform.stands("active")
    await platform.got(1)
    assert platform.hook.numbers() == ["1.00"]


async def test_who_never_answers_is_given_up_after_a_day(platform: Platform) -> None:
    platform.hook.echoes = False
    answer = await post(platform, url=platform.hook.url)
    platform.id, platform.hook.secret = answer.json()["id"], answer.json()["secret"]
    await platform.tried("challenge_not_answered")
    await platform.bring_forward(CHALLENGE.name, since=dt.timedelta(days=1))
    assert (await platform.stands("disabled"))["fault"] == "unconfirmed"
    told = [one for one in await platform.world.notifier.told(WebhookDisabled) if one.webhook_id == platform.id]
    assert [one.reason for one in told] == ["unconfirmed"]


async def test_an_address_inside_is_never_called(platform: Platform) -> None:
    answer = await post(platform, url=platform.hook.url.replace("http://127.0.0.1", "https://localhost"))
    assert answer.status_code == 201
    platform.id = answer.json()["id"]
    attempts = await platform.tried("address_forbidden")
    assert attempts[0]["status"] is None
    assert (await platform.read())["state"] == "pending"
    assert platform.hook.challenges == 0


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"url": "http://hooks.example.com/"}, "webhook-url-not-https"),
        ({"url": "https://a:b@hooks.example.com/"}, "webhook-url-invalid"),
        ({"url": "https://hooks.example.com/", "types": ["cn.deyang.complaints.case.opened.v1"]}, "unknown-event-type"),
    ],
)
async def test_what_cannot_be_registered_is_said(platform: Platform, said: dict[str, Any], kind: str) -> None:
    answer = await post(platform, **said)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith(kind)


async def test_a_platform_has_only_a_few_webhooks(platform: Platform) -> None:
    answers = await asyncio.gather(
        *(post(platform, url=f"{platform.hook.url}?{n}") for n in range(WEBHOOKS_PER_PLATFORM + 3))
    )
    assert sorted(answer.status_code for answer in answers) == [201] * WEBHOOKS_PER_PLATFORM + [409] * 3
    platform.id = next(answer.json()["id"] for answer in answers if answer.status_code == 201)
    path, etag = f"/v1/webhooks/{platform.id}", (await platform.read())["etag"]
    removed = await platform.world.notifier.http.delete(path, headers={**platform.headers, "If-Match": etag})
    assert removed.status_code == 204
    assert (await post(platform, url=platform.hook.url)).status_code == 201


async def test_both_secrets_are_valid_for_a_day_after_a_rotation(platform: Platform) -> None:
    await platform.register()
    answer = await post(platform, f"/{platform.id}/secret")
    old, new = platform.hook.secret, answer.json()["secret"]
    await platform.billed("1.00")
    await platform.got(1)
    body, headers = platform.hook.last
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in (old, new):
        assert Webhook(secret).verify(body, headers)["data"]["outstanding"] == "1.00"
    over = {"$set": {"old_until": clock.now() - dt.timedelta(seconds=1)}}
    await storage().collection("webhooks").update_one({"_id": platform.id}, over)
    platform.hook.secret = new
    await platform.billed("2.00")
    await platform.got(2)
    body, headers = platform.hook.last
    assert Webhook(new).verify(body, headers)["data"]["outstanding"] == "2.00"
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)


async def test_a_new_address_is_challenged_and_events_wait(platform: Platform, receiver: Receiver) -> None:
    await platform.register()
    await platform.billed("1.00")
    await platform.got(1)
    before, other = platform.hook, receiver.hook()
    path, etag = f"/v1/webhooks/{platform.id}", (await platform.read())["etag"]
    http, said = platform.world.notifier.http, {"url": other.url}
    assert (await http.put(path, json=said, headers=platform.headers)).status_code == 428
    changed = await http.put(path, json=said, headers={**platform.headers, "If-Match": etag})
    assert changed.json()["state"] == "pending"
    await platform.billed("2.00", "3.00")
    await platform.tried("refused")  # it has no secret yet, and answers 401
    other.secret, platform.hook = before.secret, other
    await quiet(platform.world)
    assert other.got == []
    await platform.bring_forward(CHALLENGE.name)
    await platform.got(2)
    assert (before.numbers(), other.numbers()) == (["1.00"], ["2.00", "3.00"])


async def test_what_came_while_it_was_off_goes_out_in_order(platform: Platform) -> None:
    await platform.register()
    off = await post(platform, f"/{platform.id}/suspension")
    assert (off.status_code, off.json()["state"]) == (200, "disabled")
    assert (await post(platform, f"/{platform.id}/suspension")).status_code == 409
    await platform.billed(*(f"{n}.00" for n in range(1, 6)))
    await quiet(platform.world)
    assert platform.hook.got == []
    assert (await post(platform, f"/{platform.id}/challenge")).status_code == 202
    await platform.got(5)
    await quiet(platform.world)
    assert platform.hook.numbers() == [f"{n}.00" for n in range(1, 6)]


async def test_a_removed_webhook_hears_nothing_more(platform: Platform) -> None:
    await platform.register()
    platform.hook.answers.append((500, {}))
    await platform.billed("1.00")
    await platform.tried("refused")
    path, etag = f"/v1/webhooks/{platform.id}", (await platform.read())["etag"]
    http = platform.world.notifier.http
    assert (await http.delete(path, headers={**platform.headers, "If-Match": '"0"'})).status_code == 412
    assert (await http.delete(path, headers={**platform.headers, "If-Match": etag})).status_code == 204
    await platform.billed("2.00")
    await quiet(platform.world)
    assert platform.hook.numbers() == ["1.00"]
    assert await storage().collection("timers").count_documents({"key": {"$regex": f"^{platform.id}"}}) == 0
    assert (await http.get(path, headers=platform.headers)).status_code == 404


async def test_a_webhook_that_says_it_is_gone_is_off_at_once(world: World, platform: Platform) -> None:
    """The platform hears of it by SMS."""
    person = Person()
    platform.uscc = person.platform
    sealed = seal_for("notifier", {"phone": person.platform_phone})
    await world.notifier.publish(
        EnterpriseRegistered(
            uscc=platform.uscc, name="德阳快送", industries=(), delivery_classes=(), for_notifier=sealed
        )
    )
    await platform.register()
    platform.hook.answers.append((410, {}))
    await platform.billed("1.00", "2.00")
    assert (await platform.stands("disabled"))["fault"] == "gone"

    async def told() -> bool:
        return any("答复已停用（410），推送已停用" in text for text in await world.texts(person.platform_phone))

    await eventually(told)
    assert platform.hook.numbers() == ["1.00"]
    await post(platform, f"/{platform.id}/challenge")
    await platform.got(3)
    assert platform.hook.numbers() == ["1.00", "1.00", "2.00"]
    assert platform.hook.ids[0] == platform.hook.ids[1]
