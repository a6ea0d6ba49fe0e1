"""The words by which a complaint is put into a category, and what a reporter reads in each state: data, read and checked once."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final, get_args

import msgspec
import yaml

from services.complaints.cases.rules import State
from shared.contracts.complaints import Category, ClosingReason, RefusalGround


class Replies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The standard reply by state, and by why a case closed, which ways are open by the ground of a refusal, and the remedy
    against every one."""

    states: Mapping[State, str]
    endings: Mapping[ClosingReason, str]
    grounds: Mapping[RefusalGround, str]
    remedy: str


def _read(name: str) -> Any:
    return yaml.safe_load((files(__package__) / name).read_text("utf-8"))


KEYWORDS: Final[dict[Category, tuple[str, ...]]] = msgspec.convert(
    _read("keywords.yaml"), dict[Category, tuple[str, ...]]
)
REPLIES: Final = msgspec.convert(_read("replies.yaml"), Replies)

if missing := (
    ({*get_args(State)} - REPLIES.states.keys())
    | ({*get_args(ClosingReason)} - REPLIES.endings.keys())
    | ({*get_args(RefusalGround)} - REPLIES.grounds.keys())
):
    raise ValueError(f"no reply for {sorted(missing)}")
