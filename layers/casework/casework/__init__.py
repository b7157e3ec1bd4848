"""The business of a support desk: read nouns here, decide purely, record once.

Nothing in this package reads the clock, makes a random id or knows AWS, except ``casework.aws`` and ``casework.runtime``.
"""
