"""Who keeps the money of subsidies: finance officers and heads of the labour department, and of the union for its own funds
(德人社发〔2022〕95号 art. 12, 14, 15)."""
