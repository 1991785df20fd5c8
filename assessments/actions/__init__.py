"""Writes to the questionnaire's rows: each action is one verb and one transaction."""
