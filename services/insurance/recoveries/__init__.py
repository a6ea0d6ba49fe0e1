"""Claiming back what was paid wrongly, or in another's place (社会保险法 art. 41, 42)."""
