"""Deterministic simulation: the whole protocol on a table, a bus and queues in memory, under seeded faults and interleavings.

A history is a seed. Every process of it (a door's desk, the publisher, a notifier, the correlator, the chaser, an
acknowledgement) is the code that ships; only what it calls is ours. Between any two of its calls it may wait for others, die,
be told that it lost, be throttled, or be told of a failure that was none. What became of the messages is then compared with
what the history knows of who wrote which of them about what.
"""
