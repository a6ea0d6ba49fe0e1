"""Serious violations published, and the list of those who owe wages (人社部令第29号, 第45号; 保障农民工工资支付条例 art. 48)."""
