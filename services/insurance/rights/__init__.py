"""The rights query: a worker's cover, payments and claims in one look (社会保险法 art. 74; 德人社发〔2022〕95号 art. 13)."""
