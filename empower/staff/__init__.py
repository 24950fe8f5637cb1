"""Who works here, and where: properties, departments, employees, their roles; the tokens and keys they act with.

The employee is the user model. A role is what a person may do; a property is where. Leaders and auditors belong to no
property and see all of them; the superuser sets the house up, sees no guest and decides nothing.
"""
