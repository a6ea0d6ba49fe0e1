"""Events on their way: outbox and relay, consuming once and in order, dead letters, replay, timers."""
