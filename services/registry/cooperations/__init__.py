"""Cooperations of platforms with partner firms and dispatch agencies (德人社发〔2022〕95 号 art. 3)."""
