"""What a union files for a worker: at once for its member, for anybody else once they confirm it (德人社发〔2022〕95号 art. 17)."""
