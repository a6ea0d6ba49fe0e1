"""One case from filing to its end: a worker complains, two officers look into it, the enterprise answers, one proposes and
another decides, both sides are served, and it is closed."""

from datetime import datetime
from typing import Any

from deploy.local.demo.client import Client
from deploy.local.demo.events import SHANGHAI

OFFICER, SECOND_OFFICER, THIRD_OFFICER = "officer:demo", "officer:demo-second", "officer:demo-third"
OPERATOR = "operator:demo"
DUTIES = {
    OFFICER: ["chief", "handler", "inspector"],
    SECOND_OFFICER: ["approver", "inspector"],
    THIRD_OFFICER: ["approver"],
}


async def put_on_register(client: Client) -> None:
    """An operator puts the chief on the register of those who handle complaints, who puts the other officers there."""
    for number, officer in enumerate(DUTIES, 1):
        by = OPERATOR if officer == OFFICER else OFFICER
        entry = {
            "name": "演示",
            "department": "hrss",
            "district": "510600",
            "certificate": f"510600-{number:04d}",
            "duties": DUTIES[officer],
            "circles": ["discrimination"],
        }
        await client.call(by, "complaints", "PUT", f"/v1/officers/{officer}", json=entry)


async def bring_to_decision(client: Client, worker: str, platform: str, district: str) -> None:
    """A worker's complaint about a platform, up to its closing."""
    today = f"{datetime.now(SHANGHAI):%Y-%m-%d}"
    body = {
        "platform": platform,
        "category": "no_contract",
        "text": "做了三个月，一直没有和我签订书面协议。",
        "district": district,
        "occurred_on": today,
    }
    filed = await client.call(f"worker:{worker}", "complaints", "POST", "/v1/cases", json=body)
    case, seen = filed.headers["location"], filed.headers["etag"]

    async def step(officer: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        nonlocal seen
        match = {"if-match": seen}
        answer = await client.call(officer, "complaints", "POST", f"{case}/{path}", json=body, headers=match)
        seen = answer.headers.get("etag", seen)
        found: dict[str, Any] = answer.json()
        return found

    await step(OFFICER, "acceptance", {})
    taken = {"taken_on": today, "officers": [OFFICER, SECOND_OFFICER]}
    await step(OFFICER, "steps", {**taken, "kind": "questioning", "record": "劳动者陈述未签订书面协议。"})
    asked = await step(OFFICER, "inquiry", {"question_zh": "请说明与劳动者订立书面协议的情况。"})
    answers = f"/v1/platform-cases/{asked['inquiry_id']}/answers"
    answered = {"text": "已与劳动者补签书面协议。"}
    await client.call(f"platform:{platform}", "complaints", "POST", answers, json=answered)
    await step(OFFICER, "steps", {**taken, "kind": "audit", "record": "核对企业提交的书面协议。"})
    await step(OFFICER, "conclusion", {})
    letter = {"grounds_zh": "企业已补签书面协议。", "letter_zh": "请贵单位今后及时订立书面协议。"}
    await step(OFFICER, "decisions", {"outcome": "guidance", **letter})
    await step(SECOND_OFFICER, "decisions/approval", {})
    for side in ("reporter", "enterprise"):
        await step(OFFICER, "decision/service", {"side": side, "served_on": today})
    await step(OFFICER, "closing", {})
