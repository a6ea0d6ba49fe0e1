"""The social-insurance subsidy for flexible employment (灵活就业社会保险补贴): what was paid, for whom, how long
(就业促进法 art. 52; 德人社发〔2022〕95 号 art. 12)."""
