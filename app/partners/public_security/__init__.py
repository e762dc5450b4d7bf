"""公安: identity, household register, vehicles. JSON in Pinyin words."""
