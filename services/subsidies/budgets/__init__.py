"""Budgets for subsidies: what may be spent in a year, by kind, source of funds and district (德人社发〔2022〕95号 art. 12, 14, 15)."""
