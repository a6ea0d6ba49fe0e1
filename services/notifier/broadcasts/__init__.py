"""Broadcasts: one text to the people of districts, trades and platforms, each once (德人社发〔2022〕95号 arts. 1, 6 and 7)."""
