"""What a file of platform events must lead to, calculated from the input alone.

The second road to the demo's figures: nothing here is shared with the services (standard library only), so that a
mistake on one road does not hide on the other.
"""

from deploy.local.calculation.comparison import UNDEMANDED, Difference, compare
from deploy.local.calculation.figures import calculate

__all__ = ["UNDEMANDED", "Difference", "calculate", "compare"]
