"""Places, units and their allocations. Does not import `tenants`: nothing here depends on companies."""
