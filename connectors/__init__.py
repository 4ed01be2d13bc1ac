"""One module or small package a network: translation only. It exists by existing; `bot.discovery` finds it."""
