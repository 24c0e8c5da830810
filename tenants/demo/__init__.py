"""The demo province, built through the actions. Sample data; nothing in the product imports it."""
