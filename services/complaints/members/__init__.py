"""Union members and merged records of workers, copied from the registry: a union files for those who have joined by their own word
(工会法 art. 3; 德人社发〔2022〕95号 art. 17)."""
