"""Hearings: what a party states, that it will not, and the hearing that it asks for (行政处罚法 art. 45, 62-65)."""
