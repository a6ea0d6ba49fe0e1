"""Help in hardship by the union (困难帮扶、慰问): what happened, how it was looked at, never a sum by machine
(德人社发〔2022〕95 号 art. 15)."""
