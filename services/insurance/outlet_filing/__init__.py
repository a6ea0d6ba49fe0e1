"""Putting courier outlets and their people on file, one by one or from the month's list (人社厅发〔2021〕101 号; 95 号 art. 9)."""
