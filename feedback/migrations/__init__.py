"""How a database comes to its present schema: one set of steps for PostgreSQL and SQLite."""
