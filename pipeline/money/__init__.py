"""Sums of money in text: what was said, exactly, in which currency, per what."""
