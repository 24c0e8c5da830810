"""Settings, root addresses, logging, storage, and the defaults of the API: problem details, throttles, schema."""
