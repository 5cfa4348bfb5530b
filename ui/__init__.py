"""What people see and read: words, progress, windows."""
