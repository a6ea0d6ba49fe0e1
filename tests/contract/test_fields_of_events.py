"""What makers of events pass once is what the events say: each `…Fields` has the fields of its struct, of the same types."""

from __future__ import annotations

from typing import get_type_hints, is_typeddict

import pytest

from shared.contracts import insurance, registry
from shared.contracts.base import Fact
from shared.contracts.insurance import exchange

STRUCTS = {
    getattr(module, name): getattr(
        module, name.replace("Fields", "") if name.startswith("Footing") else name.replace("Fields", "Fact")
    )
    for module in (insurance, registry, exchange)
    for name in dir(module)
    if name.endswith("Fields") and is_typeddict(getattr(module, name))
}


@pytest.mark.parametrize("fields", list(STRUCTS), ids=lambda fields: str(fields.__name__))
def test_the_fields_are_those_of_the_struct(fields: type) -> None:
    struct: type[Fact] = STRUCTS[fields]
    meant = {name: kind for name, kind in get_type_hints(struct).items() if name in struct.__struct_fields__}
    assert get_type_hints(fields) == meant
    assert len(STRUCTS) >= 9
