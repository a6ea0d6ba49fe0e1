"""Contests: a footing that somebody contests, and an end that a platform declared wrongly (德人社发〔2022〕95 号 art. 2)."""
