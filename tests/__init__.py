"""The tests: one folder per app, one file per module. How to run them: CONTRIBUTING.md."""
