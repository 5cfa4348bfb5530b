"""How one scale is trained: the paper's way and the fast one."""
