"""The messages that notes hang on: which reactions mean something, and what is kept of a text."""
