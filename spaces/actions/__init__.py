"""The writers: each action checks rights, locks, checks the rules and writes rows with their Change rows."""
