"""What was paid wrongly and is claimed back (追回), in instalments where that is agreed (德人社发〔2022〕95号 art. 12, 14)."""
