"""Stations: where unions give outdoor workers a place to rest, and when it is open (德人社发〔2022〕95 号 art. 15)."""
