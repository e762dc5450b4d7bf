"""Close relatives of staff and of village committees, as declared (近亲属备案)."""
