"""Which event becomes which message, and to whom: what 德人社发〔2022〕95号 has people and platforms told."""
