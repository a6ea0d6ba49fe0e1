"""What insurance keeps of a person whose record the registry has erased, and for how long (个人信息保护法 art. 47)."""
