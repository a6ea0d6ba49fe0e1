"""Applications from a sheet, by a union or a platform for its people (德人社发〔2022〕95号 art. 12, 14, 15)."""
