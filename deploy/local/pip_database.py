"""pip's database, whose idle threads stand on nothing: `python -m deploy.local.pip_database` takes what `python -m secantus` takes.

A cursor that stands on a page keeps it in memory as it is. SecantusDB lets a connection's cursors go before it waits for the next
message, but neither those of an open transaction between two of its statements nor those of the thread that removes what has
expired. With some transactions always open, a page that has grown is then never split, and whoever comes to it sleeps some
milliseconds, again and again, with everybody behind it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from secantus import cli
from secantus.storage import Storage, UserTransactionHandle


def let_go_when_idle() -> None:
    """Have each thread of the server let its cursors go when it has done what it was asked for."""
    statement, sweep = Storage.use_user_transaction, Storage.prune_ttl_all_collections

    @contextmanager
    def one_statement(self: Storage, handle: UserTransactionHandle) -> Iterator[None]:
        with statement(self, handle):
            yield
            for cursor in handle.cursors.values():
                cursor.reset()

    def one_sweep(self: Storage) -> int:
        try:
            removed: int = sweep(self)
        finally:
            self.release_thread_snapshot()
        return removed

    Storage.use_user_transaction = one_statement
    Storage.prune_ttl_all_collections = one_sweep


if __name__ == "__main__":
    let_go_when_idle()
    sys.exit(cli.main())
