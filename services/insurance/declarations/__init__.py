"""Employers declare whom they employ: one by one, by a sheet or by an event. Only these go to the province (社会保险法 art. 58)."""
