"""Who asks for space and who rents it: companies, requests, offers, leases, handovers, incubation."""
