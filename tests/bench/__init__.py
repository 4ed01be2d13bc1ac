"""The figures we promise, each beside a baseline of the same run: `python -m tests.bench [name…] [--quick]`."""
