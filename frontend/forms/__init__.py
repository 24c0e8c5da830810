"""Forms check the shape of what is typed; actions check the rules."""
