from __future__ import annotations

import datetime as dt

from shared.ids import new_id, readable_number


def test_a_number_is_read_out_and_is_nobody_elses() -> None:
    day = dt.date(2026, 11, 3)
    numbers = {readable_number("德劳诉", new_id(), day) for _ in range(2000)}
    assert len(numbers) == 2000
    one = numbers.pop()
    assert one.startswith("德劳诉〔2026〕1103-")
    assert not set(one.rpartition("-")[2]) & set("ILOU")
