"""Insurance 社保: who is insured how, what that costs, injuries from the report to the benefit, and the exchange with the province."""
