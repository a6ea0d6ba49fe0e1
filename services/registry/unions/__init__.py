"""Unions, their members and their service stations (德人社发〔2022〕95 号 art. 15, 17)."""
