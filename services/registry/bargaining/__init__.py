"""Consultations between workers and platforms, and the collective contracts they end in (德人社发〔2022〕95 号 art. 10)."""
