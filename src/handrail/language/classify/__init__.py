"""Which data matters: detectors of secrets, payment, personal and health data, and their redaction."""
