"""What people read of messages that nobody asked for, and the form that says when they may come."""
