"""Training the model of the triage, from examples written for this project."""
