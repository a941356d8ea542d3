"""The job engine: bounded slices of work, under a lease, with every step in the ledger before and after it is made."""
