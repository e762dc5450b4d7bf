"""证券登记结算: securities held. Fixed-width text, by file, signed with HMAC-SHA256 both ways."""
