"""Pages about the site: search, notices, documents, definitions, help, mail."""
