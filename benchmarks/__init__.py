"""Quality and speed, measured against the developer sets and against peers."""
