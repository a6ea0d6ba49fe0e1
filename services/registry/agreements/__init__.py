"""Agreements: the contract or written agreement that a footing demands, by when (德人社发〔2022〕95 号 art. 2, 3)."""
