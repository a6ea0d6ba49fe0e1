"""Every event has somebody who acts on it: the dossier, which notes down everything, does not count."""

from __future__ import annotations

from shared.contracts import catalogue
from tests.lists import assert_only, listed
from tests.unit.project.code import LISTS, SERVICES, service

DOSSIER = "registry.dossier"


def test_every_event_is_consumed_by_more_than_the_dossier() -> None:
    consumed = {
        fact.TYPE
        for name in SERVICES
        for consumer in service(name).consumers
        if consumer.group != DOSSIER
        for fact in consumer.facts
    }
    assert_only(set(catalogue) - consumed, listed(LISTS / "unheard_events.yaml"), "events that only the dossier hears")


def test_the_dossier_is_there_to_be_left_out() -> None:
    assert DOSSIER in service("registry").groups
