"""The commands of `directory-gateway`: their arguments, options and help texts."""
