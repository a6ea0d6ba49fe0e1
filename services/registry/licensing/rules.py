"""What becomes of a licence, and who may record it.

One whose days are over when it is recorded begins as lapsed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from services.registry.licences.rules import State
from shared.contracts.registry import LicenceKind
from shared.policy.parameters import Law
from shared.states import Machine

Move = Literal["renew", "lapse", "revoke", "restore"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("valid", "renew"): "valid",
    ("valid", "lapse"): "lapsed",
    ("valid", "revoke"): "revoked",
    ("lapsed", "renew"): "valid",
    ("revoked", "restore"): "valid",
}

STATES: Machine[State, Move, State] = Machine("licence", MOVES, kind="licence-state", zh="该许可的当前状态不允许此操作")

LABOUR: Final = "hrss"
"""The labour department puts licences of every kind on file; any other department those that it grants."""


def may_record(department: str | None, kind: LicenceKind, law: Law) -> bool:
    """Whether a department's officers may put a licence of this kind on file (`licence.authorities`)."""
    return department is not None and department in (LABOUR, law.text("licence.authorities", kind))
