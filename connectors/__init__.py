"""One module or small package a network: translation only. A network exists by existing here; `bot.__main__` finds it."""
