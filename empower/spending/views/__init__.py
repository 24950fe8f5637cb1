"""The pages: giving, an incident, the queue, one's own."""
