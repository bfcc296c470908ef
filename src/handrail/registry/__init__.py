"""What exists and who may."""
