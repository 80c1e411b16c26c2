"""The report of an evaluation: its findings and figures as Markdown, HTML and JSON."""
