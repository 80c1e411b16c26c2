"""What each recorded action does in the browser."""
