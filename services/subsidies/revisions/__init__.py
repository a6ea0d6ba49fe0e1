"""Decisions taken again beside the old ones when a fact or a parameter comes later: a difference is an officer's case
(德人社发〔2022〕95号 art. 12, 14)."""
