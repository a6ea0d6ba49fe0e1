"""Which events go to whom, with which fields."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.notifier.webhooks.rules import LARGEST, body_of
from services.notifier.webhooks.table import FILE, SENT, read, told
from shared import clock
from shared.contracts import catalogue
from shared.contracts.base import Fact

GOLDEN = Path(__file__).parents[3] / "contract" / "golden"
TEXT = FILE.read_text("utf-8")


def published(name: str, **changed: Any) -> Fact:
    value = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))["value"]
    return msgspec.convert({**value, **changed}, catalogue[name])


def test_every_event_is_sent_or_kept_back_with_a_reason() -> None:
    table = read(TEXT.encode())
    back = {f"cn.deyang.{event}" for events in table.kept_back.values() for event in events}
    assert back | SENT.keys() == catalogue.keys()
    assert not back & SENT.keys()


@pytest.mark.parametrize("name", sorted(name for name in catalogue if ".case." in name or ".lead." in name))
def test_who_complains_and_what_is_looked_into_is_never_sent(name: str) -> None:
    assert name not in SENT
    assert told(published(name)) == {}


@pytest.mark.parametrize("name", sorted(SENT))
def test_what_is_sent_names_no_person_and_nothing_sealed(name: str) -> None:
    value = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))["value"]
    secret = {value[key] for key in ("worker_id", "for_notifier", "phone", "id_number") if value.get(key)}
    for data in told(published(name)).values():
        body = body_of("e-1", name, clock.now(), data)
        assert len(body.encode()) <= LARGEST
        assert [one for one in secret if one in body] == []


@pytest.mark.parametrize("name", sorted(SENT))
def test_what_is_sent_goes_to_those_whom_it_names(name: str) -> None:
    fact = published(name)
    named = {getattr(fact, field) for field in ("platform", "partner", "uscc") if hasattr(fact, field)}
    assert told(fact).keys() <= named | {*getattr(fact, "platforms", ())}


def test_each_of_several_enterprises_hears_of_a_dispute() -> None:
    name = "cn.deyang.complaints.dispute.stepped.v1"
    heard = told(published(name, platforms=("P", "Q")))
    assert set(heard) == {"P", "Q"}
    assert "worker_id" not in heard["P"]
    assert told(published(name, platforms=(), first=False)) == {}


def test_a_third_party_hears_of_an_award_without_a_last_day() -> None:
    heard = told(published("cn.deyang.complaints.dispute.awarded.v1", platforms=("P",), third_parties=("Q",)))
    assert {one: "enterprise_by" in fields for one, fields in heard.items()} == {"P": True, "Q": False}


def test_a_benefit_of_the_fund_is_no_affair_of_the_platform() -> None:
    name = "cn.deyang.insurance.benefit.granted.v1"
    by_partner = told(published(name, payer="partner", platform="P", partner="Q"))
    assert set(by_partner) == {"P", "Q"}
    assert set(told(published(name, payer="platform", platform="P", partner="Q"))) == {"P"}
    assert told(published(name, payer="fund", platform="P", partner="Q")) == {}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (("[bill_id, month, orders,", "[bill_id, nothing, orders,"), "it has no nothing"),
        (("fields: [claim_id, worker_ref, inc", "fields: [claim_id, worker_id, inc"), "worker_id says who a person is"),
        (("    - complaints.lead.raised.v2\n", ""), "complaints.lead.raised.v2 is neither sent nor kept back"),
        (("    - complaints.lead.raised.v2\n", "    - insurance.bill.issued.v1\n"), "both sent and kept back"),
        (("event: registry.licence.lapsed.v1", "event: registry.licence.eaten.v1"), "there is no such event"),
        (("    - registry.station.opened.v1\n", "    - registry.station.eaten.v1\n"), "there is no event"),
    ],
)
def test_a_row_that_cannot_work_stops_the_service(wrong: tuple[str, str], reason: str) -> None:
    assert wrong[0] in TEXT
    with pytest.raises(ValueError, match=reason):
        read(TEXT.replace(*wrong).encode())


def test_a_sealed_field_is_refused_whatever_its_name() -> None:
    row = "  - {event: registry.enterprise.registered.v1, to: [uscc], fields: [uscc, for_notifier]}\n\nkept_back:"
    text = TEXT.replace("kept_back:", row, 1).replace("    - registry.enterprise.registered.v1\n", "")
    with pytest.raises(ValueError, match="for_notifier says who a person is"):
        read(text.encode())
