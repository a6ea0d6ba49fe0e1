"""What technical equipment recorded by itself is evidence once it was reviewed, and the party reads of it (行政处罚法 art. 41)."""

from __future__ import annotations

from typing import Any

from tests.harness import Harness
from tests.integration.at_rest import holding
from tests.integration.complaints.penalties.course import Course, filed, meant, today
from tests.unit.identity.numbers import make_uscc


def equipment(evidence_id: str, **changes: Any) -> dict[str, Any]:
    body = {"evidence_id": evidence_id, "equipment": "门禁考勤摄像头三号", "place": "分拣中心北门三号柱"}
    return body | {"approved_on": "2026-01-05", "announced_on": "2026-01-09"} | changes


def conclusion(evidence_id: str) -> dict[str, Any]:
    return {
        "facts": "现场查明",
        "charges": [{"ground": "obstruction"}],
        "officers": ["p-first", "p-second"],
        "evidence": [evidence_id],
    }


async def recorded(complaints: Harness, uscc: str) -> tuple[Course, str]:
    penalty = await filed(complaints, make_uscc(uscc))
    file = await penalty.filed_evidence("监控录像截图")
    assert await penalty.do("monitoring-records", "p-first", equipment(file, announced_on="2999-01-01")) == (
        422,
        "equipment-day",
    )
    assert (await penalty.do("monitoring-records", "p-first", equipment("nothing")))[0] == 404
    await penalty.done("monitoring-records", "p-first", equipment(file))
    assert await penalty.do("monitoring-records", "p-first", equipment(file)) == (409, "monitored-already")
    return penalty, file


async def test_a_record_is_evidence_once_it_is_reviewed(complaints: Harness) -> None:
    penalty, file = await recorded(complaints, "PY0000001")
    refused = (409, "monitoring-not-reviewed")
    assert await penalty.do("conclusion", "p-first", conclusion(file)) == refused
    review: dict[str, Any] = {"evidence_id": file, "passed": False, "text": "画面不清"}
    assert await penalty.do("monitoring-reviews", "p-first", review) == (409, "same-officer")
    await penalty.done("monitoring-reviews", "p-third", review)
    assert await penalty.do("conclusion", "p-first", conclusion(file)) == refused
    await penalty.done("monitoring-reviews", "p-third", review | {"passed": True, "text": "真实清晰完整准确"})
    await penalty.done("conclusion", "p-first", conclusion(file))
    await penalty.notified()
    answer = await complaints.http.get(f"/v1/penalties/{penalty.id}/shown-evidence", headers=penalty.enterprise)
    [shown] = answer.json()
    assert shown["monitored"] == {
        "equipment": "门禁考勤摄像头三号",
        "place": "分拣中心北门三号柱",
        "approved_on": "2026-01-05",
        "announced_on": "2026-01-09",
        "passed": True,
    }
    assert [one["opinion"] for one in penalty.shown["monitored"]] == ["真实清晰完整准确"]
    assert await holding("分拣中心北门三号柱") == []


async def test_nothing_is_decided_on_a_record_found_later(complaints: Harness) -> None:
    """It turns out after the notice that equipment recorded the file."""
    penalty = await filed(complaints, make_uscc("PY0000002"))
    file = await penalty.filed_evidence("监控录像截图")
    await penalty.investigated(evidence=[file])
    await penalty.notified()
    await penalty.done("waiver", "enterprise")
    await penalty.done("monitoring-records", "p-first", equipment(file))
    assert await penalty.do("decision", "p-fourth", meant("8000.00")) == (409, "monitoring-not-reviewed")
    await penalty.done("monitoring-reviews", "p-third", {"evidence_id": file, "passed": True, "text": "合格"})
    await penalty.done("decision", "p-fourth", meant("8000.00"))
    await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
    late = await penalty.do("monitoring-records", "p-first", equipment("other"))
    assert late == (409, "decided-already")
