"""Inspection campaigns, visits, findings and their publication (德人社发〔2022〕95号 art. 1; 劳动保障监察条例 art. 13 to 19)."""
