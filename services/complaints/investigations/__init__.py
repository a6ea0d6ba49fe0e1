"""Investigations of cases: steps by two inspectors, hearing both sides, the enterprise's answers, and their term
(劳动保障监察条例 art. 15-17)."""
