"""Prefect and the user: the news flow, its schedule, and the command line."""
