"""The arena's SQLite files: engine, tables and rows."""
