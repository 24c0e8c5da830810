"""The API of companies, requests, offers, leases, handovers and incubation, for reading and writing."""
