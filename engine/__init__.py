"""Learn a dynamic texture from one clip and synthesise new video of it."""
