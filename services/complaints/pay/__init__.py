"""Leads in settlements: pay held against the law and what is agreed (德人社发〔2022〕95号 art. 5, 6)."""
