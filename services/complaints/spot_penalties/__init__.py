"""Penalties on the spot: the simple procedure (行政处罚法 art. 51-53)."""
