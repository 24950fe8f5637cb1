"""The API told as OpenAPI 3.1, made from the doors themselves: `views` serve it, `drawing` reads it off the viewsets,
`finishing` adds what is the same everywhere, `words` are its sentences and examples.

Nothing is said twice: the body of an action is what it ``takes``, its answer what it ``tells``, its filters those of its
FilterSet. A test asks of every answer in the tests of the API whether it is what the schema says.
"""
