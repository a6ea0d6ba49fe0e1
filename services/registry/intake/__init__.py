"""Intake: what a fact about work sets in motion, for everything of the person at once (德人社发〔2022〕95 号 art. 2, 4, 7)."""
