"""What a file of platform events must lead to, reckoned from the input alone.

The second road to the demo's figures: nothing here is shared with the services (standard library only), so that a
mistake on one road does not hide on the other.
"""

from deploy.local.reckoning.comparison import Difference, compare
from deploy.local.reckoning.figures import reckon

__all__ = ["Difference", "compare", "reckon"]
