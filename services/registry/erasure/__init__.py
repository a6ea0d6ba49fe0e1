"""What goes from the registry's other rooms when a person's record is erased (个人信息保护法 art. 47)."""
