"""A pretended AWS on this machine, and the deployed template running on it."""
