"""The four servers of an arena: the API, the event service and the websites, on one event loop."""
