"""Six weeks of an agency with four clients, played through the real app by its people in front of the stand-ins."""
