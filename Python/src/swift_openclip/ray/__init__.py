"""Images in Ray datasets, and stores on Ray."""

from swift_openclip.ray.classify import classify_ray
from swift_openclip.ray.embed import embed_ray
from swift_openclip.ray.spread import evaluate_ray, search_ray

__all__ = ["classify_ray", "embed_ray", "evaluate_ray", "search_ray"]
