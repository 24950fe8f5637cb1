"""Pages: the dashboard, policy trials."""
