"""Companies and their people: the list for staff, the desk of a company, its members."""
