"""Registry 登记: who works through whom, on what footing; and the gateway that platforms push their events to."""
