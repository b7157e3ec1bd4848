"""Campaigns: one attack on many customers, seen in what their messages have in common.

Each message leaves traces of its indicators (a domain, a wallet, a near-identical text). A trace that enough different
customers share becomes a campaign, which counts its members and makes Trust hear of it, once and again as it grows.
Campaigns link cases; they never merge customers, and nothing here changes a case.
"""
