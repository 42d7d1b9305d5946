"""The command line: argparse, one file a group of commands; heavy imports inside the handlers."""
