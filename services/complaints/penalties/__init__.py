"""Administrative penalties (行政处罚): on the spot, or from filing over notice and hearing to payment (行政处罚法 art. 28-74;
劳动保障监察条例 art. 18-30; 行政强制法 art. 35, 53, 54; 德人社发〔2022〕95 号 art. 5)."""
