"""Joint enforcement: one task, each department its part, one result (德人社发〔2022〕95号 art. 16)."""
