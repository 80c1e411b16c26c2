"""What a replay records: pages, targets, events of the page and the network, and the trace file."""
