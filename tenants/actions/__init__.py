"""The writers: each action locks, checks states and rules, and writes rows with their Change rows.

Who may call it is checked by views and API (`editable_by`) before the call.
"""
