"""Who stays away from a case does so from all that arose from it (劳动保障监察条例 art. 16)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.complaints.cases.documents import Case
from services.complaints.credit.documents import Entry, Listing
from services.complaints.credit.documents import encrypted_text as encrypted_entry
from services.complaints.directives.documents import Directive
from services.complaints.disputes.documents import Dispute
from services.complaints.inspections.documents import Origin
from services.complaints.penalties.documents import Act, Penalty
from services.complaints.preservations.documents import Preservation
from services.complaints.preservations.documents import encrypted_text as encrypted_keeping
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.harness import Harness
from tests.integration.complaints.course import Course, course
from tests.integration.complaints.directives.test_origins import ENTERPRISE, HERE, concluded, inspected
from tests.integration.complaints.disputes.matters import opened
from tests.integration.complaints.staff import on_register

DAY = dt.date(2026, 9, 1)
OWN: dict[str, Any] = {"enterprise": ENTERPRISE, "department": "hrss", "district": HERE, "used": []}


async def order(case_id: str, name: str) -> str:
    """An order that was served; its id."""
    await transact(
        Directive(
            id=f"o-{name}", number="德责改1", origin="case", origin_id=case_id, root=f"case:{case_id}", violation="other",
            demands=[], days=7, issued_by="a", state="served", served_on=DAY, due_on=DAY, **OWN,
        ).put
    )  # fmt: skip
    return f"o-{name}"


async def listing(case_id: str, name: str) -> str:
    said = {one: encrypted_entry(name, "试样") for one in ("representative", "facts", "result")}
    await transact(
        Listing(
            id=name, number="德信用1", kind="wage_arrears", directive_id=await order(case_id, name), reached=None,
            entry=Entry(name="试样企业", address="德阳", **said), assessed="within_range", judged=True, incident=False,
            grounds=encrypted_entry(name, "试样"), proposed_by="a", notified_on=DAY, state="notified", persons=[], **OWN,
        ).put
    )  # fmt: skip
    return name


async def penalty(case_id: str | None, name: str, away: str | None = None) -> str:
    act = Act(violation="obstruction", began_on=DAY, ended_on=None, found_on=DAY, harmed=False)
    await transact(
        Penalty(
            id=name, number="德罚1", origin="own", origin_id=None, root=f"own:{name}", case_id=case_id, act=name, what=act,
            grounds=["obstruction"], filed_by="a", filed_on=DAY, state="filed", decide_by=DAY,
            away=[] if away is None else [away], **OWN,
        ).put
    )  # fmt: skip
    return name


async def preservation(case_id: str | None, name: str, penalty_id: str | None = None) -> str:
    await transact(
        Preservation(
            id=name, number="德保存1", origin="case" if penalty_id is None else "penalty", origin_id=penalty_id or case_id,
            case_id=case_id, circle=None, place=encrypted_keeping(name, "财务室"), items=[],
            reason=encrypted_keeping(name, "可能被销毁"), officers=[], asked_by="a", asked_on=DAY, state="kept", kept_on=DAY,
            decide_by=DAY, **OWN,
        ).put
    )  # fmt: skip
    return name


async def inspection(case_id: str, name: str) -> str:
    """An inspection that followed from one that the case led to."""
    first = await inspected(origin=Origin(kind="case", id=case_id))
    return (await inspected(origin=Origin(kind="inspection", id=first.id))).id


async def joint_task(case_id: str, name: str) -> str:
    return (await concluded(origin=Origin(kind="case", id=case_id))).id


ARISES = {
    "directives": order,
    "credit-listings": listing,
    "penalties": penalty,
    "preservations": preservation,
    "inspection-tasks": inspection,
    "joint-tasks": joint_task,
}


async def recused(complaints: Harness, subject: str) -> tuple[Course, dict[str, str]]:
    """A case, and the token of an officer who stays away from it."""
    case = await course(complaints, f"w-{subject}")
    who = await on_register("hrss", HERE, subject=subject)
    await collection_of(Case).update_one({"_id": case.case_id}, {"$set": {"away": [subject], "district": HERE}})
    return case, who


async def listed(complaints: Harness, path: str, who: dict[str, str]) -> str:
    answer = await complaints.http.get(f"/v1/{path}", params={"limit": 50}, headers=who)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("path", ARISES)
async def test_what_arose_is_not_shown_to_who_stays_away(complaints: Harness, path: str) -> None:
    case, away = await recused(complaints, f"away-{path}")
    other = await on_register("hrss", HERE, subject=f"other-{path}")
    found, elsewhere = await ARISES[path](case.case_id, f"x-{path}"), await ARISES[path]("unknown", f"y-{path}")
    for who, status, shown in ((other, 200, True), (away, 403, False)):
        assert (await complaints.http.get(f"/v1/{path}/{found}", headers=who)).status_code == status
        assert (f'"{found}"' in await listed(complaints, path, who)) is shown
        assert (await complaints.http.get(f"/v1/{path}/{elsewhere}", headers=who)).status_code == 200
        assert f'"{elsewhere}"' in await listed(complaints, path, who)


async def test_what_a_penalty_kept_goes_by_the_penalty(complaints: Harness) -> None:
    away = await on_register("hrss", HERE, subject="away-from-penalty")
    await penalty(None, "z-penalty", away="away-from-penalty")
    kept = await preservation(None, "z-kept", "z-penalty")
    for path, found in (("penalties", "z-penalty"), ("preservations", kept)):
        assert (await complaints.http.get(f"/v1/{path}/{found}", headers=away)).status_code == 403
        assert f'"{found}"' not in await listed(complaints, path, away)


async def test_a_dispute_is_not_shown_to_who_stays_away(complaints: Harness) -> None:
    dispute = await opened(complaints, "w-away-dispute")
    await collection_of(Dispute).update_one({"_id": dispute.id}, {"$set": {"departments": ["hrss"], "district": HERE}})
    away = await on_register("hrss", HERE, subject="away-from-dispute")
    assert f'"{dispute.id}"' in await listed(complaints, "disputes", away)
    await collection_of(Dispute).update_one({"_id": dispute.id}, {"$set": {"away": ["away-from-dispute"]}})
    assert (await complaints.http.get(f"/v1/disputes/{dispute.id}", headers=away)).status_code == 403
    assert f'"{dispute.id}"' not in await listed(complaints, "disputes", away)
