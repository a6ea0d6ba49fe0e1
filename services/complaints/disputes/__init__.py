"""Disputes from the grievance through negotiation, mediation and arbitration to the court (劳动争议调解仲裁法; 95 号 art. 18)."""
