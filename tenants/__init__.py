"""Companies, their requests, offers, leases, handovers and incubation."""
