"""Every write of the questionnaire: one verb each, one transaction each."""
