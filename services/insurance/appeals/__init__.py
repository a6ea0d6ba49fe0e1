"""Appeals against a refusal or a decision, to the administrative review and the court (工伤保险条例 art. 55)."""
