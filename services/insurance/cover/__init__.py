"""Commercial policies beside the scheme: recorded, checked, and the days on which none holds (德人社发〔2022〕95号 art. 9)."""
