"""Passerby: web analytics that counts the people who pass by without knowing who they are."""

from importlib.metadata import version

__version__ = version("passerby")
