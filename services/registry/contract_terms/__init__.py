"""Contract terms: how long a contract or agreement runs, its renewals, and what its end owes (德人社发〔2022〕95 号 art. 2)."""
