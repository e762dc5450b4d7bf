"""Stage 3: survey, opinion, appraisal, county confirmation, decision."""
