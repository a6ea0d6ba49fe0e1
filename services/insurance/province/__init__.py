"""The provincial online social-insurance platform: signed requests, time-outs, and a pause where it is away (95 号 art. 9)."""
