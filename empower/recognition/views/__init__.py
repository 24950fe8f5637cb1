"""The pages: the line-up of a day, its story, thanks."""
