"""What is drawn. A widget draws what it is given and posts messages."""
