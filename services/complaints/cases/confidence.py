"""What a text for the enterprise may not say (劳动保障监察条例 art. 9)."""

from __future__ import annotations

from services.complaints.cases.documents import NAME, PHONE, RELATION, Case, clear
from services.complaints.cases.rules import tells_reporter
from shared.errors import Conflict


def check_says_nothing_of_reporter(case: Case, text: str) -> None:
    """Raise Conflict where a text for the enterprise would show who reports in a protected case."""
    reporter = case.reporter
    places = ((NAME, reporter.name), (PHONE, reporter.phone), (RELATION, reporter.relation))
    secrets = [clear(place, case.id, token) or "" for place, token in places]
    secrets += [case.number, *case.people, *([reporter.hotline.number] if reporter.hotline else [])]
    if case.protected and tells_reporter(text, secrets, case.own_words):
        raise Conflict(
            "would-tell-reporter",
            "文书内容可能暴露举报人，请改写",
            "the text would show who reports: put it in other words",
        )
