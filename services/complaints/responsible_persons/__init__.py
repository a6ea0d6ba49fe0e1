"""Responsible persons: penalties on those who answer for what an enterprise did (社会保险法 art. 84)."""
