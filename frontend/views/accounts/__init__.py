"""The pages of the own account: sign-in, profile, sessions."""
