"""非银行支付机构: balances of payment accounts. Files of JSON, one object a line."""
