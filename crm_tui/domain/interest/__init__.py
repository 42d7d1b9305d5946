"""What the ways of Interests through their scenario come to, in figures."""
