"""What was paid too much and is to come back (追回): claimed by month, heard about, ordered, repaid or written off."""
