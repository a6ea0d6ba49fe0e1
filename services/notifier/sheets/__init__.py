"""Sheets: people whom an officer lists in Excel or CSV, to be sent a broadcast (德人社发〔2022〕95号 art. 1)."""
