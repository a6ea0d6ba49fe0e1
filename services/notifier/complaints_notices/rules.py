"""Messages from the events of complaints, to the complainant alone: a platform must not learn who complains."""

from __future__ import annotations

from services.notifier.templates.rules import Maker, Message, day, short
from shared.contracts.complaints import CaseAccepted, CaseOpened


def case_opened(fact: CaseOpened) -> list[Message]:
    return _to_complainant(fact, "case_opened_worker", accept_by=day(fact.accept_by))


def case_accepted(fact: CaseAccepted) -> list[Message]:
    return _to_complainant(fact, "case_accepted_worker", decide_by=day(fact.decide_by))


def _to_complainant(fact: CaseOpened | CaseAccepted, template: str, **term: str) -> list[Message]:
    if fact.worker_id is None:
        return []
    params = {"number": short(fact.number), **term}
    return [Message(template, "worker", fact.worker_id, district=fact.district, params=params)]


MAKERS: dict[type, Maker] = {CaseOpened: case_opened, CaseAccepted: case_accepted}
