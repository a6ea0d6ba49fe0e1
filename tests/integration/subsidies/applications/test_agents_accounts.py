"""What an agent applies for in a person's name is paid to that person."""

from __future__ import annotations

from typing import Any

from services.subsidies.applications.documents import Application
from shared.ids import new_id
from tests.harness import Harness, bearer
from tests.integration.subsidies.bulk.test_application_sheets import rows, send, sheet
from tests.integration.subsidies.facts import tell, worker
from tests.integration.subsidies.filing import ACCOUNT, FIRST, PATH, apply, asked, do, officer, read, trained

AGENT = "91510600MA0000009A"


def agent() -> dict[str, str]:
    return bearer("platform", uscc=AGENT) | {"Idempotency-Key": new_id()}


def for_worker(worker_id: str, **more: Any) -> dict[str, Any]:
    mandate = {"number": "委2026-9", "until": "2099-12-31"}
    return {"applicant": {"kind": "person", "id": worker_id}, "mandate": mandate} | more


def account(holder: str) -> dict[str, str]:
    return {**ACCOUNT, "holder": holder}


async def test_an_agent_names_no_account_of_its_own(subsidies: Harness) -> None:
    body = for_worker(f"w-{new_id()}", account=account("测试平台有限公司"))
    refused = await apply(subsidies, agent(), expect=422, **body)
    assert refused["type"] == "/problems/account-of-another"
    # blanks, full-width letters and any middle dot are one name
    foreign = for_worker(f"w-{new_id()}", name="阿卜杜拉·ＬＩ", account=account("阿卜杜拉• LI"))
    assert (await apply(subsidies, agent(), **foreign))["state"] == "submitted"


async def test_an_agent_turns_no_draft_to_its_own_account(subsidies: Harness) -> None:
    key = (await apply(subsidies, agent(), submit=False, **for_worker(f"w-{new_id()}")))["application_id"]
    who = agent()
    seen = (await subsidies.http.get(f"{PATH}/{key}", headers=who)).headers["etag"]
    body = {"stated": asked()["stated"], "account": account("测试平台有限公司")}
    answer = await subsidies.http.put(f"{PATH}/{key}", json=body, headers={**who, "If-Match": seen})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/account-of-another")


async def test_an_agent_gives_the_applicant_no_other_name(subsidies: Harness) -> None:
    """The agent calls the worker as its own account is called; the registry knows better."""
    worker_id = f"w-{new_id()}"
    await trained(subsidies, worker_id)
    key = (await apply(subsidies, agent(), **for_worker(worker_id, name="李四", account=account("李四"))))[
        "application_id"
    ]
    shown = await read(subsidies, key)
    assert [one["code"] for one in shown["proposal"]["barred"]] == ["payee"]
    await do(subsidies, key, "acceptance", officer(FIRST))
    refused = await do(subsidies, key, "review", officer(FIRST), {"approve": True, "amount": "800.00"}, expect=422)
    assert refused["grounds"] == ["payee"]
    right = for_worker(worker_id, name="试样甲", account=account("试样甲"))
    other = (await apply(subsidies, agent(), **right))["application_id"]
    assert (await read(subsidies, other))["proposal"]["barred"] == []


async def test_a_name_put_right_later_frees_the_application(subsidies: Harness) -> None:
    worker_id = f"w-{new_id()}"
    await trained(subsidies, worker_id)
    body = for_worker(worker_id, name="试样乙", account=account("试样乙"))
    key = (await apply(subsidies, agent(), **body))["application_id"]
    await tell(subsidies, worker(worker_id, name="试样乙"))
    await subsidies.settled()
    await do(subsidies, key, "proposal", officer(FIRST))
    assert (await read(subsidies, key))["proposal"]["barred"] == []


async def test_a_row_that_pays_another_is_answered(subsidies: Harness) -> None:
    union = subsidies.headers("union", sub=f"union:{new_id()}")
    head, row, _ = sheet("o-001", "o-002").decode("gb18030").split("\r\n")
    other = row.replace("李测试,6222", "工会账户,6222")
    done = await send(subsidies, union, "\r\n".join([head, other, row.replace("o-001", "o-002")]).encode("gb18030"))
    assert (done["submitted"], done["refused"]) == (1, 1)
    (refused,) = await rows(subsidies, union, done["sheet_id"], "refused")
    assert refused["wrong"] == [
        {
            "cell": "A2",
            "zh": "代为申请的，收款账户应为申请人本人账户",
            "en": "what an agent applies for is paid into the applicant's own account",
        }
    ]
    assert await Application.find({"applicant_id": "o-001"}).count() == 0
