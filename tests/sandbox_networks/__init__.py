"""X, Facebook, practice and the audience of the sandbox, driven by real clients."""
