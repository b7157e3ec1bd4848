"""The whole system on a laptop: the deployed template on an embedded AWS, and ways to talk to it."""
