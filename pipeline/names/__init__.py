"""Names of people, companies, other organisations and places in text."""
