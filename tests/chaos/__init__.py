"""Exactly once, proved by breaking it: real processes are killed, frozen, cut off and lied to while a job runs.

Afterwards the sandbox's truth log is compared with our ledger. `make chaos` plays 200 rounds, each made from a seed;
`python -m tests.chaos --seed 17` plays one of them again.
"""
