"""A service whose earlier version called a book's author its writer: `python -m tests.integration.chassis.old_sample`."""

from __future__ import annotations

import datetime as dt

from pymongo import ASCENDING, IndexModel

from shared.main import main
from shared.service import Service
from shared.storage.client import Row
from shared.storage.migrations import Migration
from shared.storage.records import Record


class Book(Record):
    author: str
    returned_at: dt.datetime | None = None

    class Settings:
        name = "books"
        indexes = [  # noqa: RUF012
            IndexModel([("author", ASCENDING)], name="by_author"),
            IndexModel([("returned_at", ASCENDING)], name="returned", expireAfterSeconds=3600),
        ]


def _author(row: Row) -> Row:
    return {"author": row["writer"]}


SERVICE = Service(
    "old_sample",
    title="样例",
    description="A service for the tests of migrations.",
    documents=[Book],
    routers=[],
    modules=[],
    migrations=[
        Migration(1, "writers are authors", Book, {"author": {"$exists": False}}, ("writer",), _author),
    ],
)

if __name__ == "__main__":
    main(SERVICE)
