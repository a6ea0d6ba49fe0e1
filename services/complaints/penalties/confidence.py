"""What the texts of a penalty may not say: of who reported nothing to the enterprise, nor of who was harmed to everybody."""

from __future__ import annotations

from collections.abc import Sequence

from services.complaints.cases.confidence import check_says_nothing_of_reporter
from services.complaints.directives.commands import names_in
from services.complaints.directives.rules import check_silence
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.person_documents import clear_person
from services.complaints.penalties.steps import case_behind
from shared.storage.transaction import Transaction


async def check_silent(penalty: Penalty, texts: Sequence[str], tx: Transaction) -> None:
    """Raise Conflict where what the enterprise reads would show who reported."""
    case = await case_behind(penalty, tx)
    if case is not None:
        for text in texts:
            await check_says_nothing_of_reporter(case, text, tx)


async def check_public(penalty: Penalty, text: str, tx: Transaction) -> None:
    """Raise Conflict where what everybody reads names who reported, was harmed, or is responsible (行政处罚法 art. 50)."""
    case = await case_behind(penalty, tx)
    if case is not None:
        check_silence([text], names_in(case))
    check_silence([text], await _responsible(penalty, tx))


async def _responsible(penalty: Penalty, tx: Transaction) -> list[str]:
    """Who is punished beside an enterprise, by name and number."""
    others = await tx.find(Penalty, {"enterprise": penalty.enterprise})
    return [
        clear_person(one.id, text)
        for one in others
        if one.beside == penalty.id and one.person is not None
        for text in (one.person.name, one.person.id_number)
    ]
