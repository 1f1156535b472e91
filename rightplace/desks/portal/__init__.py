"""The providers' portal: referrals, offers, contracts, payments."""
