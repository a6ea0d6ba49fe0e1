"""Courses that bodies on file open and officers publish, with their sessions and a number of places (德人社发〔2022〕95 号
art. 14; 职业教育法 art. 16)."""
