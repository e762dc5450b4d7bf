"""The same question in the words of the DCI standard (SPDCI social registry v1): envelopes read and written."""
