"""Courses as platforms report them, and what officers decide of those that no catalogue has (德人社发〔2022〕95 号 art. 7)."""
