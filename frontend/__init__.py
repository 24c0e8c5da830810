"""The pages: HTML only. Rules and queries that an app can own lie in `tenants` and `spaces`."""
