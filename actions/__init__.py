"""What the assistant can do beyond saying an answer: one action per file (Rasa SDK).

The action server imports this package and registers every :class:`rasa_sdk.Action` in it.
"""
