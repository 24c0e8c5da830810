"""The month ledger: sums by state that make the cost of a total independent of the number of allocations.

It is a cache of what `spaces.ledger` computes from the allocations, kept by whoever records a Change (`writes`),
folded into sums by days and months (`folding`), rebuilt (`rebuilding`) and compared (`comparison`) by commands.
`spaces/ledger/sums_of_months.py` reads it.
"""
