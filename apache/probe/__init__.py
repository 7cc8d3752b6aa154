"""Asks a live installation what mail clients ask, in their order, and says what would go wrong and what to change first.

It posts an address and never a password. It needs Python 3.9 or later and nothing else. Run it from a checkout with
`python3 apache/probe ADDRESS`; packaging/probe.py makes one file of it. Reading order: command, arguments, questions,
then what they ask with (exchanges, mail, web, certificates, addresses, names), what they read (documents), what a refusal
comes from (diagnosis), and what is told (findings, advice).
"""
