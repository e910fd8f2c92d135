"""Tests of the gateway; failed assertions of the contract suites show their values."""

import pytest

pytest.register_assert_rewrite("tests.connectors.contract", "tests.app.phones.contract")
