// empty until the room is built
