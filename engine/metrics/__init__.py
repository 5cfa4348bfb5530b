"""How good generated video is, in figures that mean something beside those of real footage and of cheats."""
