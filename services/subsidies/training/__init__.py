"""The training subsidy as a kind of application (川人社规〔2025〕11号; 德人社发〔2022〕95号 art. 14)."""
