"""The environment in which checks run `clip-cli`."""

import os

# What earlier runs remembered, vectors of texts above all, must not hide what changed since.
FORGETFUL = os.environ | {"OPENCLIP_CACHE": ""}
