"""Disclosure: who may see which engagements, one by one, in figures and as a table (德人社发〔2022〕95 号 art. 2)."""
