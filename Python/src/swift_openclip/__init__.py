"""Embeds, classifies and searches images with `clip-cli` on Spark and Ray, and evaluates decisions on them.

The work is done by processes of `clip-cli worker`; this package starts them where the images are and commits what they
return. The functions for an engine are in the module named after it, so that the other engine need not be installed:

    from swift_openclip.spark import embed_spark
    from swift_openclip.ray import embed_ray
"""

from swift_openclip.command import ClipCommand, CommandError
from swift_openclip.job import EmbeddedStore
from swift_openclip.process import WorkerError
from swift_openclip.search import Query
from swift_openclip.store import IncompleteStoreWarning
from swift_openclip.worker import Worker

__all__ = ["ClipCommand", "CommandError", "EmbeddedStore", "IncompleteStoreWarning", "Query", "Worker", "WorkerError"]
