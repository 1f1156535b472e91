"""What other systems read of a payment run: a ledger file for any finance system, and one in the shape of ContrOCC's payments."""
