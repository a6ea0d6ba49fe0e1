"""Who trains: whom a platform's reference stands for, and by what name a person's certificates are checked (德人社发〔2022〕95 号
art. 14)."""
