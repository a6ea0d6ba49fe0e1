"""The register of officers: who may act on what, and who must stay away (劳动保障监察条例 art. 16; 行政处罚法 art. 42, 43)."""
