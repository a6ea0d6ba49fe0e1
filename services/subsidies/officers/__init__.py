"""Who keeps the money of subsidies: finance officers of the labour department, and its heads (德人社发〔2022〕95号 art. 12, 14)."""
