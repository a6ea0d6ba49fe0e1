"""Employers declare whom they employ, one by one or by a sheet, and the province is asked for these alone (社会保险法 art. 58)."""
