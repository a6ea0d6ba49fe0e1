"""Workers: one person, one record, through however many platforms they work (德人社发〔2022〕95 号 art. 4; 个人信息保护法 art. 47)."""
