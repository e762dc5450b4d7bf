"""Lists of people that leave the product as a file: asked for by one person, approved by another, marked row by row."""
