"""What an outlet's insurance costs a month (人社厅发〔2021〕101 号; 95 号 art. 9)."""
