"""A platform's day through the whole system, checked figure by figure."""
