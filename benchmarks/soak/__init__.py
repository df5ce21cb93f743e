"""The soak: a store is written, renewed and compacted while its writers are killed and others read it."""
