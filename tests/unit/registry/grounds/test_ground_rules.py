"""Which events open and close the matters that keep a person's record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.registry.grounds.table import FACTS, KINDS, effects_of, read
from shared.contracts import catalogue

GOLDEN = Path(__file__).parents[3] / "contract" / "golden"


def example(event: str, **changes: Any) -> Any:
    """An event as it was published, with other values of some fields."""
    name = f"cn.deyang.{event}.v1"
    message = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    return msgspec.convert(message["value"] | changes, catalogue[name])


@pytest.mark.parametrize(
    ("fact", "effects"),
    [
        (example("insurance.claim.filed"), [("claim", "opens")]),
        (example("insurance.claim.decided", recognised=True), [("claim", "opens")]),
        (example("insurance.claim.decided", recognised=False), [("claim", "closes")]),
        (example("insurance.claim.appealed"), [("claim_appeal", "opens")]),
        (example("insurance.claim.appeal_decided", outcome="upheld"), [("claim_appeal", "closes")]),
        (
            example("insurance.claim.appeal_decided", outcome="revoked"),
            [("claim", "opens"), ("claim_appeal", "closes")],
        ),
        (example("insurance.claim.checked"), [("claim", "names")]),
        (example("insurance.benefit.granted"), [("benefit", "opens")]),
        (example("insurance.benefit.paid", kind="medical"), [("benefit", "closes")]),
        (example("insurance.benefit.paid", kind="disability_allowance"), []),
        (example("insurance.benefit.ended"), [("benefit", "closes")]),
        (example("insurance.recovery.opened", debtor="employer"), []),
        (
            example("insurance.recovery.opened", debtor="payee"),
            [("benefit_recovery", "opens"), ("benefit_recovery_proposal", "closes")],
        ),
        (example("insurance.recovery.proposed"), [("benefit_recovery_proposal", "opens")]),
        (example("insurance.recovery.dropped"), [("benefit_recovery_proposal", "closes")]),
        (example("subsidies.recovery.proposed"), [("recovery", "opens")]),
        (example("subsidies.recovery.closed"), [("recovery", "closes")]),
        (example("complaints.case.opened"), [("case", "opens")]),
        (example("complaints.case.closed"), [("case", "closes")]),
        (example("complaints.reporter.involved", open=True), [("part_in_case", "opens")]),
        (example("complaints.reporter.involved", open=False), [("part_in_case", "closes")]),
        (example("complaints.dispute.stepped", state="court"), [("dispute", "opens")]),
        (example("complaints.dispute.stepped", state="performed"), [("dispute", "closes")]),
        (example("complaints.legal_aid.decided", granted=False), [("legal_aid", "closes")]),
        (example("subsidies.subsidy.paid"), [("application", "closes")]),
        (example("registry.footing.contested"), [("footing", "opens")]),
    ],
)
def test_an_event_opens_or_closes_a_matter(fact: Any, effects: list[tuple[str, str]]) -> None:
    assert [(one.kind, one.does) for one in effects_of(fact)] == effects


def test_a_dispute_is_a_matter_of_each_worker_in_it() -> None:
    one, other = (example("complaints.dispute.opened", worker_id=worker) for worker in ("w-1", "w-2"))
    assert effects_of(one)[0].key != effects_of(other)[0].key


def test_every_matter_can_be_closed() -> None:
    """One that is opened and never closed would keep a record for ever."""
    assert [name for name, kind in KINDS.items() if not kind.closes or not kind.opens] == []
    assert {fact.TYPE for fact in FACTS} <= catalogue.keys()


def test_a_row_that_cannot_work_is_refused() -> None:
    row = "case: {title: 投诉, matter: case_id, opens: [{event: complaints.case.dreamt.v1}], closes: []}"
    with pytest.raises(ValueError, match="there is no event"):
        read(row.encode())
    row = "case: {title: 投诉, matter: file_id, opens: [{event: complaints.case.opened.v1}], closes: []}"
    with pytest.raises(ValueError, match="has no file_id"):
        read(row.encode())
