"""Collective contracts: what a consultation ends in, its review, and the days that it holds (德人社发〔2022〕95 号 art. 10)."""
