"""Tables, unit of work, journal, change feed, queries, search, migrations."""
