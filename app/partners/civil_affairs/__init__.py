"""民政: marriage, deaths, benefits in force. REST, no identity number in an address."""
