"""An application of each kind to its end. What is decided at once: a recognition, and refusals of a flexible-employment subsidy and a
grant. What is on public notice first, training and skill, is approved and paid when its days are over: the demo's own stack lets the
clock of the subsidies service go on to that day, and services that run elsewhere stay at theirs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deploy.local.demo import calls
from deploy.local.demo.client import Client
from deploy.local.demo.subsidies import (
    PATH,
    Fund,
    allot,
    apply,
    make_batch,
    pay,
    put_on_register,
    read,
    spent,
    step,
    today,
)
from deploy.local.demo.whole_case import OFFICER, SECOND_OFFICER, THIRD_OFFICER

OURS = (OFFICER, SECOND_OFFICER, THIRD_OFFICER)
TRAINING = Fund("training", "employment_fund", "hrss", OURS, "1000000.00", "培训补贴")
SKILL = Fund("skill", "unemployment_insurance_fund", "hrss", OURS, "1000000.00", "技能补贴")
FOR_SKILL = "1000.00"
"""Yuan that officers set for a certificate of which nobody knows the grade."""
UNKNOWN_CERTIFICATE = "5106000000000000"
"""A number of an employment and entrepreneurship certificate (就业创业证) that nobody bears."""

Settle = Callable[[], Awaitable[None]]
GoOn = Callable[[int], Awaitable[None]]
"""Lets the clock of the subsidies service go ahead by so many days."""


@dataclass(frozen=True)
class Begun:
    """Where the applications are that are filed and signed at once."""

    recognition: str
    flexible: str
    grant: str


async def begin(client: Client, worker: str, platform: str, skilled: str | None, district: str) -> Begun:
    """File what does not wait and have it signed; and for the skill subsidy, where there is somebody with a certificate
    (`skilled`), what goes on public notice."""
    if skilled is not None:
        await _skill(client, skilled, district)
    return Begun(
        await _recognition(client, worker, district),
        await _flexible(client, worker, district),
        await _grant(client, platform, district),
    )


async def end_notices(client: Client, district: str, settle: Settle, go_on: GoOn) -> str | None:
    """Go on to the day on which every public notice is over, approve what was on notice, and have the bank pay; then have the skill
    subsidy refused to somebody whose training for the same occupation was paid: its path, None where nothing was on notice."""
    notices = await calls.on_notice(client)
    if not notices:
        return None
    ends = max(date.fromisoformat(one["notice_until"]) for one in notices)
    ahead = (ends - today()).days + 1
    await go_on(ahead)
    await settle()
    day = ends + timedelta(days=1)
    await put_on_register(client, TRAINING)
    for fund in (TRAINING, SKILL):
        await allot(client, fund, district, day)
    for one in notices:
        await step(client, SECOND_OFFICER, f"{PATH}/{one['application_id']}", "approval")
    await settle()
    funds = [fund for fund in (TRAINING, SKILL) if any(one["kind"] == fund.kind for one in notices)]
    batches = [await make_batch(client, fund, district, day) for fund in funds]
    await settle()  # until the batches are ready
    for fund, batch in zip(funds, batches, strict=True):
        await pay(client, fund, batch)
    await settle()
    trained = next((one for one in notices if one["kind"] == "training"), None)
    return None if trained is None else await _trained_already(client, trained, district)


async def figures(client: Client, begun: Begun, refused: str | None) -> dict[str, Any]:
    """What became of the applications of each kind, what was spent of which source (yuan), and on which grounds which were refused."""
    paid = [one["kind"] for one in await calls.all_applications(client) if one["state"] == "paid"]
    recognised = await read(client, OFFICER, begun.recognition)
    return {
        "recognised": int(recognised["state"] == "approved"),
        "flexible_refused": await _refused_for(client, begun.flexible),
        "grant_refused": await _refused_for(client, begun.grant),
        "training_paid": paid.count("training"),
        "training_spent": await spent(client, TRAINING),
        "skill_paid": paid.count("skill"),
        "skill_spent": await spent(client, SKILL),
        "skill_refused": [] if refused is None else await _refused_for(client, refused),
    }


async def _refused_for(client: Client, path: str) -> list[str]:
    found = await read(client, OFFICER, path)
    return [ground["code"] for ground in found["grounds"]] if found["state"] == "refused" else []


async def _recognition(client: Client, worker: str, district: str) -> str:
    """A worker shows that they are disabled, and two officers look at the papers, and at what nobody has told."""
    path = await apply(client, f"worker:{worker}", "recognition", district, {"category": "disabled"})
    grounds = (await read(client, OFFICER, path))["proposal"]["grounds"]
    against = [one["code"] for one in grounds if one["met"] is False]
    finding: dict[str, Any] = {"approve": False, "against": against}
    if not against:
        finding = {"approve": True, "judged": [one["code"] for one in grounds if one["met"] is None]}
    await _sign(client, path, finding)
    return path


async def _flexible(client: Client, worker: str, district: str) -> str:
    """A worker asks for last month, of which no contribution is known."""
    month = f"{today().replace(day=1) - timedelta(days=1):%Y-%m}"
    stated = {"group": "hard_to_employ", "first": month, "last": month, "pledge": True}
    path = await apply(client, f"worker:{worker}", "flexible", district, stated)
    await _sign(client, path, {"approve": False, "against": ["paid"]})
    return path


async def _grant(client: Client, platform: str, district: str) -> str:
    """A platform names somebody whom its project is said to have placed, and whom nobody knows."""
    stated = {"project": "演示引领项目", "started_on": f"{today()}", "people": [UNKNOWN_CERTIFICATE]}
    path = await apply(client, f"platform:{platform}", "grant", district, stated)
    await _sign(client, path, {"approve": False, "against": ["placed"]})
    return path


async def _skill(client: Client, worker: str, district: str) -> None:
    """A worker with a certificate applies, and officers judge what a body on file would have said: that it is genuine, its grade, and
    the months insured."""
    path = await apply(client, f"worker:{worker}", "skill", district, await _certificate(client, worker))
    grounds = (await read(client, OFFICER, path))["proposal"]["grounds"]
    judged = [one["code"] for one in grounds if one["met"] is None]
    await _sign(client, path, {"approve": True, "judged": judged, "amount": FOR_SKILL})


async def _trained_already(client: Client, trained: dict[str, Any], district: str) -> str:
    """Whoever was paid for a training applies for the skill subsidy of the same occupation too, and is refused."""
    certificate = await _certificate(client, trained["applicant_id"], of=f"{PATH}/{trained['application_id']}")
    path = await apply(client, f"worker:{trained['applicant_id']}", "skill", district, certificate)
    grounds = (await read(client, OFFICER, path))["proposal"]["grounds"]
    await _sign(client, path, {"approve": False, "against": [one["code"] for one in grounds if one["met"] is False]})
    return path


async def _certificate(client: Client, worker: str, of: str | None = None) -> dict[str, str]:
    """A worker's certificate as an application names it: the one that another application (`of`) is for, or any."""
    stated = {} if of is None else (await read(client, OFFICER, of))["stated"]
    wanted = {name: stated[name] for name in ("course", "completed_on") if stated.get(name) is not None}
    found = (await client.call(f"worker:{worker}", "subsidies", "GET", "/v1/certificates")).json()["items"]
    [first, *_] = [one for one in found if wanted.items() <= one.items()]
    return {"certificate_id": first["certificate_id"]}


async def _sign(client: Client, path: str, finding: dict[str, Any]) -> None:
    await step(client, OFFICER, path, "acceptance")
    await step(client, OFFICER, path, "review", finding)
    await step(client, SECOND_OFFICER, path, "confirmation", {"to_head": False})
