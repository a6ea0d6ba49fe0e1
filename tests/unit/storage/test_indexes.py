"""Indexes are there as they are declared."""

from __future__ import annotations

import pytest

from tests.unit.project.code import SERVICES, service


@pytest.mark.parametrize("name", SERVICES)
def test_no_two_indexes_of_a_collection_have_the_same_fields(name: str) -> None:
    """Beanie creates only the last of those, whatever the order of their fields."""
    for document in service(name).documents:
        indexes = getattr(getattr(document, "Settings", None), "indexes", [])
        fields = [tuple(sorted(index.document["key"])) for index in indexes]
        assert len(fields) == len(set(fields)), f"{document.__name__}: {fields}"
