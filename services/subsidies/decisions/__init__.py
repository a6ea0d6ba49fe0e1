"""What a decision on an application rests on, the record of it, and the facts that were paid for (德人社发〔2022〕95 号 art. 12, 14, 15)."""
