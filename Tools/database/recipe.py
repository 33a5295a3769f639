"""The recipe of Docs/Recipes.md for a table."""

from pathlib import Path

from recipes import page
from recipes.collections import Photos, make_database

from database.server import DATABASE, PASSWORD, USER, Server
from database.tool import Tool

NAME = "A PostgreSQL table"


def check(tool: Tool, server: Server, photos: Path, folder: Path) -> None:
    folder.mkdir()
    server.owner_sql("DROP TABLE IF EXISTS photos, decisions")
    server.owner_sql(make_database(Photos(photos), folder))
    service = folder / ".pg_service.conf"
    service.write_text(f"[photos]\nhost=127.0.0.1\nport={server.port}\ndbname={DATABASE}\nuser={USER}\n")
    passwords = folder / ".pgpass"
    passwords.write_text(f"127.0.0.1:{server.port}:{DATABASE}:{USER}:{PASSWORD}\n")
    passwords.chmod(0o600)
    environment = tool.environment | {"HOME": str(folder)}
    page.run(page.recipes()[NAME], tool.cli, folder, environment)
