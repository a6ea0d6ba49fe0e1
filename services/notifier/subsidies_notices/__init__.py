"""Messages on training certificates and the training subsidy (德人社发〔2022〕95号 art. 14)."""
