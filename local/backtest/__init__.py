"""``python -m local backtest``: what a candidate policy or model would change, before anybody lives with it.

Every text is judged twice, by the policy in use and by the candidate, and what differs is counted and listed with the
rules that spoke. Texts come from the project's own held-out examples, from a file of labelled lines, or from the messages
that the case table keeps; the latter are also told once more, to see which would share a case. Nothing here says which of two
policies is better: where labels exist, or people have merged and split, the figures do.
"""
