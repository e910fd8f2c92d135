"""Walk through the pages of a server as a strict Cisco phone, and list what is wrong."""
