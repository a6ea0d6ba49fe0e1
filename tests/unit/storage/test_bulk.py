"""What a bulk insert makes of the driver's errors."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo.errors import BulkWriteError, OperationFailure, WriteConcernError

from shared.storage.bulk import repeated

DUPLICATE = {"index": 3, "code": 11000, "op": {"_id": "1", "name": "张三"}}
NO_MAJORITY = {"code": 64, "errmsg": "waiting for replication timed out"}


def failed(*faults: dict[str, Any], concerns: tuple[dict[str, Any], ...] = ()) -> BulkWriteError:
    return BulkWriteError({"writeErrors": list(faults), "writeConcernErrors": list(concerns)})


def test_rows_that_were_there_are_named_by_their_places() -> None:
    assert repeated(failed(DUPLICATE, DUPLICATE | {"index": 7})) == {3, 7}


def test_rows_that_no_majority_has_are_not_taken_for_stored() -> None:
    """Whatever else was there."""
    for error in (failed(concerns=(NO_MAJORITY,)), failed(DUPLICATE, concerns=(NO_MAJORITY,))):
        with pytest.raises(WriteConcernError) as raised:
            repeated(error)
        assert raised.value.code == 64


def test_any_other_fault_is_raised_by_its_code_and_quotes_no_row() -> None:
    with pytest.raises(OperationFailure) as raised:
        repeated(failed(DUPLICATE, {"index": 4, "code": 91, "op": {"name": "张三"}}))
    assert raised.value.code == 91
    assert "张三" not in str(raised.value)
