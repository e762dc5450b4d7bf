"""代发银行: takes payment batches, sends receipts."""
