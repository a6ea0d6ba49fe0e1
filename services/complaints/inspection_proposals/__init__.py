"""Inspections that repeated or broad leads call for: proposed by the data, decided by officers (劳动保障监察条例 art. 14)."""
