"""Work that no settlement covers long after its month: nothing was ever paid (劳动法 art. 50; 德人社发〔2022〕95号 art. 5)."""
