"""What is claimed back."""

from __future__ import annotations

from pymongo import ASCENDING, IndexModel

from services.insurance.debts.documents import Debt
from shared.contracts.insurance import Debtor
from shared.storage.records import Record


class Recovery(Record):
    """What was paid wrongly, or in another's place, and is claimed back; its id is `<benefit id>:r<n>`."""

    benefit_id: str
    debtor: Debtor
    district: str
    reason: str
    by: str
    debt: Debt

    class Settings:
        name = "recoveries"
        indexes = [IndexModel([("benefit_id", ASCENDING)])]  # noqa: RUF012 - Beanie reads it so
