"""The team's verbs: load, decide by the domain's rules, commit. One transaction each."""
