"""The pages for operators in a browser, one module for each page."""
