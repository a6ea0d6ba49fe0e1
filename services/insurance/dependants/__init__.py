"""Whom a dead or missing worker supported: each one's pension, account and end (工伤保险条例 art. 39, 1, 2 and 41)."""
