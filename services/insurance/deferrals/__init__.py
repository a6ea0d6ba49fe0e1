"""Dues of an employer that are paid later (缓缴、延期缴费): asked for, decided by two officers, without a late fee till then
(社会保险法 art. 60, 63)."""
