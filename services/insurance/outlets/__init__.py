"""Courier outlets on the work-injury scheme, and who insures their people (人社厅发〔2021〕101号; 德人社发〔2022〕95号 art. 9)."""
