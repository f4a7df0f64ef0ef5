"""What people type in: checked as far as that can be told without Studio and without asking who may do it."""
