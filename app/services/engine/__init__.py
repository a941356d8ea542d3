"""The job engine: bounded slices of work, under a lease, with every step in the ledger before and after it is made.

Where to begin: `slices.advance` is what a task calls, `lease` what makes it safe to. A slice does `planning`, and then
`running`, which goes through `zendesk.bulk` with the job's `book`.

what is sent        `outgoing` puts batches together, of what `claiming` notes as about to be sent
what is out         `flight`
what became of it   `settling` writes it down; where Zendesk's results leave it open, `reconcile` asks the tickets, each
                    by a `look` and, for its history, our `mark`
what stops a job    `breaker`; `overlap`, with another job; `pace`, at the end of a slice
what they share     `ledger`, `row`, `verdict`, `status`; `filled_in` for comments that wait to be sent
"""
