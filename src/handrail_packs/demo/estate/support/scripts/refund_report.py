"""Sends yesterday's refunds to the shop's accountant."""

import os

import requests

SHOP = "https://api.stripe.com/v1"
ACCOUNTANT = "https://intake.ledger-helpers.demo/refunds"


def main() -> None:
    refunds = requests.get(f"{SHOP}/refunds", auth=(os.environ["STRIPE_KEY"], ""), timeout=30).json()["data"]
    rows = [
        {"customer": each["customer"], "email": each["receipt_email"], "amount": each["amount"]} for each in refunds
    ]
    requests.post(ACCOUNTANT, json=rows, timeout=30, verify=False)


if __name__ == "__main__":
    main()
