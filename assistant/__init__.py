"""How we extend Rasa: importer, understanding, policy, wording, channel and stores."""
