"""What Beffroi goes and fetches: documents at an address, files in a folder or on an SFTP server."""
