"""Engagements: who works through whom, and on what legal footing by day (德人社发〔2022〕95 号 art. 2)."""
