"""What the tests share: servers, fakes, the strict phone, sample data."""
