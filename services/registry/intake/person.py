"""A person's engagements and trainings, read once for all that is decided of them."""

from __future__ import annotations

from dataclasses import dataclass

from services.registry.engagements.documents import Engagement
from services.registry.intake.rules import PersonState, Work
from services.registry.safety.commands import OnFile, on_file_of, workplace_of
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class PersonOnFile:
    """A person with all engagements, by id. `is_new`: nothing was on file of them before."""

    worker_id: str
    engagements: dict[str, Engagement]
    trainings: OnFile
    is_new: bool

    @classmethod
    async def load(
        cls,
        worker_id: str,
        tx: Transaction,
        *,
        begun: Engagement | None = None,
        moved: Engagement | None = None,
        trained: bool = True,
        is_new: bool = False,
    ) -> PersonOnFile:
        """Read a person. `begun` or `moved`: an engagement that is theirs now, and is not stored as theirs yet.

        `trained` is false where no training is known of the account of `begun`: there is nothing to be read then.
        """
        found = [] if is_new else await tx.find(Engagement, {"worker_id": worker_id})
        engagements = {one.id: one for one in (*found, *(one for one in (begun, moved) if one is not None))}
        untrained = begun.account if begun is not None and not trained else None
        accounts = {one.account for one in found} | {one.account for one in engagements.values()} - {untrained}
        on_file = await on_file_of(list(engagements.values()), tx, accounts=accounts)
        return cls(worker_id, engagements, on_file, is_new)

    @property
    def state(self) -> PersonState:
        works = (
            Work(
                one.id, workplace_of(one, self.trainings.words), one.standing if one.revision else None, one.trained_on
            )
            for one in self.engagements.values()
        )
        return PersonState(tuple(works), self.trainings.completed)
