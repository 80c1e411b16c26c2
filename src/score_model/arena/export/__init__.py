"""The leaderboard export (export contract, section 1): its query, its pages, and the rows that fill it."""
