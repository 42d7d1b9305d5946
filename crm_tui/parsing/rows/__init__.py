"""Files of rows that other programs wrote (tables, address books) as a stream of rows of text.

``opening.opened`` tells what a file is and reads it; each kind of file has a module of its own.
"""
