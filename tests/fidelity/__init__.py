"""How true the sandbox is: other people's clients and the vendors' own descriptions judge what both sides say."""
