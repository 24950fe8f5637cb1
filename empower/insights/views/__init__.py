"""Pages: the dashboard (the first answer, what comes after it panel by panel, what is taken away), policy trials."""
