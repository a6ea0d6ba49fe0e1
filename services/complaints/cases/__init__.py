"""Complaints and reports, from filing to acceptance or refusal (劳动保障监察条例; 德人社发〔2022〕95号)."""
