"""One form for every date that a library writes for us: as the desk and the pages write theirs, day first, 24 hours."""
