"""pip's database lets go of what it stood on: between the statements of a transaction, and after it has looked for what expired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import wiredtiger
from secantus.storage import Storage

from deploy.local import pip_database


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("use_user_transaction", "prune_ttl_all_collections"):
        monkeypatch.setattr(Storage, name, getattr(Storage, name))  # as they were, after the test
    pip_database.let_go_when_idle()
    storage = Storage(str(tmp_path), ttl_sweep_seconds=0)
    yield storage
    storage.close()


def standing(cursors: Iterable[Any]) -> list[str]:
    """The tables of those cursors that stand on something."""
    found = []
    for cursor in cursors:
        try:
            cursor.get_key()
        except wiredtiger.WiredTigerError:
            continue
        found.append(cursor.uri)
    return found


def test_an_open_transaction_stands_on_nothing(database: Any) -> None:
    database.insert("shop", "orders", [{"_id": str(number)} for number in range(3)])
    handle = database.begin_user_transaction()
    with database.use_user_transaction(handle):
        assert database.find_matching("shop", "orders", {"_id": "1"})
        assert standing(handle.cursors.values())
    assert not standing(handle.cursors.values())
    database.abort_user_transaction(handle)


def test_who_removed_the_expired_stands_on_nothing(database: Any) -> None:
    old = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    database.insert("shop", "orders", [{"_id": "1", "at": old}])
    database.create_index("shop", "orders", "at_1", {"at": 1}, options={"expireAfterSeconds": 60})
    assert database.prune_ttl_all_collections() == 1
    assert not standing(database._tls.cursors.values())
