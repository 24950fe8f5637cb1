"""The project: switches and addresses, no domain. What it mounts lies in `empower`."""
