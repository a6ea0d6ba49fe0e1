"""The texts as they are filed with the SMS gateway, and the messages that fill them."""
