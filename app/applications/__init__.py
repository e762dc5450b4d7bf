"""Stage 1: drafts, household, authorisations, documents, submission, acceptance."""
