"""Grants to those who organise flexible work (新型灵活就业引领项目的就业创业服务补助): for each person placed and staying
(德人社发〔2022〕95 号 art. 12)."""
