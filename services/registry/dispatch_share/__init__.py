"""Dispatch share: how many of an employer's people are dispatched to it (德人社发〔2022〕95 号 art. 3; 劳务派遣暂行规定 art. 4)."""
