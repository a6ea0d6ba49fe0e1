"""The terms of whatever complaints handles: until when a step is due, what stops the clock, who hears of it and when
(劳动保障监察条例 art. 17; 关于实施《劳动保障监察条例》若干规定 art. 18)."""
