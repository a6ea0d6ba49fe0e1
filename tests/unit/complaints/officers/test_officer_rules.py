from __future__ import annotations

from dataclasses import replace

import pytest

from services.complaints.officers.rules import Matter, Person, assignee, obstacle

MATTER = Matter(departments=["hrss", "transport"], district="510681", enterprise="91510600MA0000001E")
HANDLER = Person(
    subject="h-1",
    department="hrss",
    district="510681",
    everywhere=False,
    duties=["handler"],
    circles=[],
    interests=[],
    active=True,
    load=2,
)


def test_an_officer_of_the_department_and_district_acts() -> None:
    assert obstacle(HANDLER, MATTER, "handler") is None
    assert obstacle(replace(HANDLER, district="510600", everywhere=True), MATTER, "handler") is None


@pytest.mark.parametrize(
    "person",
    [
        replace(HANDLER, district="510603"),
        replace(HANDLER, department="commerce"),
        replace(HANDLER, active=False),
        replace(HANDLER, duties=["approver"]),
        replace(HANDLER, interests=["91510600MA0000001E"]),
    ],
)
def test_anybody_else_does_not(person: Person) -> None:
    assert obstacle(person, MATTER, "handler") is not None


def test_a_sensitive_matter_is_read_by_its_circle_alone() -> None:
    secret = replace(MATTER, circle="discrimination")
    assert obstacle(HANDLER, secret, None) is not None
    assert obstacle(replace(HANDLER, circles=["discrimination"]), secret, None) is None


def test_a_matter_goes_to_the_least_loaded_of_its_district() -> None:
    near = replace(HANDLER, subject="h-2", load=1)
    city = replace(HANDLER, subject="h-3", load=0, district="510600", everywhere=True)
    assert assignee([HANDLER, near, city], MATTER, "handler") == near
    assert assignee([HANDLER, near, city], MATTER, "handler", away=["h-1", "h-2"]) == city
    assert assignee([replace(HANDLER, load=1), near], MATTER, "handler") == replace(HANDLER, load=1)
    assert assignee([HANDLER], MATTER, "approver") is None
