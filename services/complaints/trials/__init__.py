"""Draft parameters tried on recorded months: what settlements and working time would show (德人社发〔2022〕95号 art. 5, 6)."""
