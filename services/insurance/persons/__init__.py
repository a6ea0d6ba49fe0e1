"""Who a worker is: the sealed identity, which engagements are theirs, whose an id number is, and whose record became whose."""
