"""The exchange on the screen: 同步, and 两边都改过，听您的."""
