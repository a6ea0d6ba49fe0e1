"""The gateway: checks what platforms push, seals what is personal, and publishes it (德人社发〔2022〕95 号 art. 11)."""
