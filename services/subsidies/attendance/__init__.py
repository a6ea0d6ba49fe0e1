"""Who was at which session, as bodies and the online platform report it: a session counts once, and nobody is in two places
at a time (德人社发〔2022〕95 号 art. 14: 线上线下结合)."""
