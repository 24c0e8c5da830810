"""Leases in time: expiries, unit timelines, occupancy, calendar feed, incubation clocks. Reads only."""
