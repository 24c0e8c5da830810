"""Composing a message safely, and checks of the settings for mail."""
