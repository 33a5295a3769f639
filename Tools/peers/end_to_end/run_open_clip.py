"""Embeds JPEG files with open_clip as its users do: its own transform in a DataLoader, batches of 32, fp32."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from peers.end_to_end.log import Log, write_vectors  # noqa: E402
from peers.quiet import import_open_clip  # noqa: E402

BATCH = 32


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", type=Path, required=True, help="paths, one per line")
    parser.add_argument("--output", type=Path, required=True, help="the Parquet file")
    parser.add_argument("--model", required=True, help="an architecture of open_clip")
    parser.add_argument("--weights", type=Path, required=True, help="its state dict")
    parser.add_argument("--workers", type=int, required=True, help="processes of the DataLoader")
    parser.add_argument("--threads", type=int, required=True)
    arguments = parser.parse_args()
    open_clip = import_open_clip()
    import torch
    from PIL import Image

    torch.set_num_threads(arguments.threads)
    model, _, transform = open_clip.create_model_and_transforms(arguments.model, pretrained=str(arguments.weights))
    model.eval()

    class Images(torch.utils.data.Dataset):
        def __len__(self) -> int:
            return len(paths)

        def __getitem__(self, index: int) -> torch.Tensor:
            with Image.open(paths[index]) as image:
                return transform(image)

    paths = arguments.list.read_text().splitlines()
    log, vectors, done = Log(len(paths)), [], 0
    with torch.inference_mode():
        for batch in torch.utils.data.DataLoader(Images(), BATCH, num_workers=arguments.workers):
            vectors.append(model.encode_image(batch, normalize=True))
            done += len(batch)
            log.progress(done)
        write_vectors(arguments.output, paths, torch.cat(vectors).numpy())
    log.finished()


if __name__ == "__main__":
    main()
