"""Projects of Kdenlive, Shotcut and MLT itself: XML that is changed where it has to be, and nowhere else."""
