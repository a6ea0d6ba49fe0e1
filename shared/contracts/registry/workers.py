"""What the registry tells of persons."""

from __future__ import annotations

from shared.contracts.base import Fact, Id, Sealed, Topic, event

WORKER = Topic("registry.worker")


@event("cn.deyang.registry.worker.registered.v1", topic=WORKER, key="worker_id")
class WorkerRegistered(Fact, frozen=True, kw_only=True):
    """A person is on file, or what is on file of them has changed; the latest one holds.

    Each sealed field is a JSON object encrypted for one service: `for_insurance` {id_number, name}, `for_notifier` {name,
    phone}, `for_subsidies` {born_on, sex, name}; sex and name are absent in events of the past.
    """

    worker_id: Id
    for_insurance: Sealed
    for_notifier: Sealed
    for_subsidies: Sealed


@event("cn.deyang.registry.worker.merged.v1", topic=WORKER, key="worker_id")
class WorkerMerged(Fact, frozen=True, kw_only=True):
    """Two records were one person's: everything told of `merged_worker_id` is from now on `worker_id`'s."""

    worker_id: Id
    merged_worker_id: Id


@event("cn.deyang.registry.worker.erased.v1", topic=WORKER, key="worker_id")
class WorkerErased(Fact, frozen=True, kw_only=True):
    """The person's data is to be erased where no legal duty keeps it (个人信息保护法 art. 47)."""

    worker_id: Id
