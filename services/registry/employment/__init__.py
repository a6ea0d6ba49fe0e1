"""Employment: a person's registration as employed or in flexible employment (德人社发〔2022〕95 号 art. 12)."""
