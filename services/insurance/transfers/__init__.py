"""Transfers: a person's insurance moves into or out of the city (德人社发〔2022〕95号 art. 13)."""
