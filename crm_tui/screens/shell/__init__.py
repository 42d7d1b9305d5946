"""What stands round every screen: keys, commands, palette, help, settings, news, the session."""
