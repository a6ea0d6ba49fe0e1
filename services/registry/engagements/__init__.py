"""Engagements: who works through whom, on what legal footing, and whether they may (德人社发〔2022〕95 号 art. 2, 7)."""
