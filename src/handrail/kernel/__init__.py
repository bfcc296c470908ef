"""Values every floor uses: ids, clock, errors, money, secret, canonical form."""
