"""How the shipped models were made, end to end, repeatable."""
