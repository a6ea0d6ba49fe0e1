"""The gateway: takes what platforms push, checks it, seals what is personal, keeps it and publishes it."""
