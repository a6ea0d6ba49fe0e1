"""Decisions on cases: proposed by one officer, approved by another, served on both sides, closed and rated
(劳动保障监察条例 art. 18, 19)."""
