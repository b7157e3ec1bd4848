"""What things cost: always beside something else that does the same, measured in the same minute on the same machine."""
