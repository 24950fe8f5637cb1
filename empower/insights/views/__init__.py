"""The dashboard's pages: the first answer, what comes after it panel by panel, and what is taken away (paper, tables)."""
