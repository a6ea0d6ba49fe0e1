"""Put unions on file, with their scope and those who act for them."""

from __future__ import annotations

from services.registry.unions.documents import Union, UnionScope
from shared.callers import Caller
from shared.contracts.registry import UnionRecorded
from shared.errors import Conflict, Forbidden, NotFound
from shared.storage.audit import write_down
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction


async def found(
    name: str, district: str, officers: list[str], scope: UnionScope, caller: Caller, tx: Transaction
) -> Union:
    """Put a union on file, by an officer who reaches its district and all of its scope."""
    _require_reach(caller, district, scope)
    if await Union.of(Union.id_of(name), tx) is not None:
        raise Conflict("union-known", "该工会已登记", "a union of this name is on file")
    union = Union(id=Union.id_of(name), name=name, district=district, officers=sorted(set(officers)), scope=scope)
    await write_down("union.founded", union.id, caller, tx)
    return await _recorded(union, tx)


async def set_scope(union_id: str, scope: UnionScope, caller: Caller, seen: int, tx: Transaction) -> Union:
    """Record where a union acts, by an officer who reaches all of it, before and after."""
    union = await union_of(union_id, tx)
    _require_reach(caller, union.district, union.scope)
    _require_reach(caller, union.district, scope)
    require_revision(seen, union.revision)
    union.scope = scope
    await write_down("union.scope_set", union.id, caller, tx)
    return await _recorded(union, tx)


async def appoint(union_id: str, officers: list[str], caller: Caller, seen: int, tx: Transaction) -> Union:
    """Name those who act for a union: by one of them, or by an officer of the place."""
    union = await union_of(union_id, tx)
    if not acts_for(caller, union):
        _require_reach(caller, union.district, union.scope)
    require_revision(seen, union.revision)
    union.officers = sorted(set(officers))
    await write_down("union.officers_named", union.id, caller, tx)
    return await _recorded(union, tx)


async def require_officer(union_id: str, caller: Caller, tx: Transaction | None = None) -> Union:
    """The union that a caller acts for; raises Forbidden for anybody else."""
    union = await union_of(union_id, tx)
    if not acts_for(caller, union):
        raise Forbidden("只有该工会可以办理", "only this union may do this")
    return union


async def union_of(union_id: str, tx: Transaction | None = None) -> Union:
    """The union; raises NotFound."""
    union = await Union.of(union_id, tx)
    if union is None:
        raise NotFound("该工会", "this union")
    return union


async def _recorded(union: Union, tx: Transaction) -> Union:
    tx.publish(
        UnionRecorded(union_id=union.id, name=union.name, district=union.district, officers=tuple(union.officers))
    )
    return await union.put(tx)


def _require_reach(caller: Caller, district: str, scope: UnionScope) -> None:
    if not all(caller.reaches(one) for one in (district, *scope.districts)):
        raise Forbidden()


def acts_for(caller: Caller, union: Union) -> bool:
    return caller.role == "union" and caller.subject in union.officers
