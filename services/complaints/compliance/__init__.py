"""Leads from the data of platforms: pay held against the minimum wage (德人社发〔2022〕95号 art. 5)."""
