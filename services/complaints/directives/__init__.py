"""Orders to put right (责令改正; 劳动保障监察条例 art. 18, 25-30; 德人社发〔2022〕95 号 art. 4, 5)."""
