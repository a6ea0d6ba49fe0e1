"""Messages on work itself: safety training (德人社发〔2022〕95号 art. 7), agreements (art. 2), licences, credit and unions."""
