"""Recognition as hard to employ (就业困难人员认定): by category, for a time, checked each year, lost with employment
(就业促进法 art. 52; 德人社发〔2022〕95 号 art. 12)."""
