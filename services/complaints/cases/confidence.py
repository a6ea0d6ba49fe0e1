"""What a text for the enterprise may not say (劳动保障监察条例 art. 9)."""

from __future__ import annotations

from services.complaints.cases.documents import NAME, PHONE, RELATION, Case, clear
from services.complaints.cases.rules import telling_ref, tells_reporter
from services.complaints.members.commands import names_of
from services.complaints.parties.documents import Engagement
from shared.errors import Conflict
from shared.storage.transaction import Transaction


async def check_says_nothing_of_reporter(case: Case, text: str, tx: Transaction) -> None:
    """Raise Conflict where a text for the enterprise would show who reports in a protected case: by a name or a number, also that by
    which the enterprise knows them, or by the union that filed it."""
    if case.protected and tells_reporter(text, await _secrets(case, tx), case.own_words):
        raise Conflict(
            "would-tell-reporter",
            "文书内容可能暴露举报人，请改写",
            "the text would show who reports: put it in other words",
        )


async def _secrets(case: Case, tx: Transaction) -> list[str]:
    reporter = case.reporter
    places = ((NAME, reporter.name), (PHONE, reporter.phone), (RELATION, reporter.relation))
    secrets = [clear(place, case.id, token) or "" for place, token in places]
    secrets += [case.number, *case.people, *([reporter.hotline.number] if reporter.hotline else [])]
    if case.people and case.platform is not None:
        wanted = {"worker_id": {"$in": case.people}, "$or": [{"platform": case.platform}, {"partner": case.platform}]}
        refs = {one.worker_ref for one in await tx.find(Engagement, wanted)}
        secrets += sorted(filter(telling_ref, refs))
    if case.filing_union is not None:
        secrets += [case.filing_union, *await names_of(case.filing_union)]
    return secrets
