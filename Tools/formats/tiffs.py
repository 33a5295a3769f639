"""TIFF files: bit depth × colour type × orientation × compression × organisation."""

import io

import numpy as np
from PIL import Image, TiffImagePlugin

from formats.pictures import deep_picture, picture

PILLOW_COMPRESSIONS = ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "lzma", "zstd", "jpeg"]
FAX_COMPRESSIONS = ["tiff_ccitt", "group3", "group4"]
SIZE = (45, 35)


def saved(image: Image.Image, **options) -> bytes | None:
    buffer = io.BytesIO()
    try:
        image.save(buffer, "TIFF", **options)
    except (OSError, ValueError, KeyError, RuntimeError):
        # The compression cannot hold this kind of image.
        return None
    return buffer.getvalue()


def images(width: int, height: int) -> dict[str, Image.Image]:
    color = picture(width, height, 4)
    rgb = Image.fromarray(color[:, :, :3], "RGB")
    gray = Image.fromarray(color[:, :, 0], "L")
    numbers = deep_picture(width, height, 1)[:, :, 0].astype(np.int32)
    return {
        "bilevel": gray.convert("1"), "gray": gray, "gray-alpha": Image.fromarray(color[:, :, :2], "LA"),
        "rgb": rgb, "rgba": Image.fromarray(color, "RGBA"), "rgbx": Image.fromarray(color, "RGBX"),
        "cmyk": Image.fromarray(color, "CMYK"), "palette": rgb.quantize(50), "ycbcr": rgb.convert("YCbCr"),
        "gray16": Image.fromarray(numbers.astype(np.uint16)), "int32": Image.fromarray(numbers - 3000),
        "float32": Image.fromarray((numbers / 200).astype(np.float32) - 10),
    }  # fmt: skip


def pillow_files() -> dict[str, bytes | None]:
    files = {}
    for name, image in images(*SIZE).items():
        for compression in PILLOW_COMPRESSIONS:
            files[f"{name}-{compression}.tif"] = saved(image, compression=compression)
        files[f"{name}-big.tif"] = saved(image, big_tiff=True)
        if name in ("rgb", "gray", "palette"):
            files[f"{name}-strips.tif"] = saved(image, compression="tiff_lzw", tiffinfo={278: 7})
    bilevel = images(*SIZE)["bilevel"]
    for compression in FAX_COMPRESSIONS:
        for photometric in (0, 1):
            files[f"{compression}-{photometric}.tif"] = saved(bilevel, compression=compression,
                                                              tiffinfo={262: photometric})
    for orientation in range(1, 9):
        for compression in ("raw", "tiff_lzw", "jpeg"):
            info = TiffImagePlugin.ImageFileDirectory_v2()
            info[274] = orientation
            files[f"orientation-{orientation}-{compression}.tif"] = saved(images(*SIZE)["rgb"], compression=compression,
                                                                          tiffinfo=info)
    for name, packet in (("attribute", b'<x tiff:Orientation="6"/>'), ("element", b"<tiff:Orientation>8</tiff:Orientation>")):
        files[f"xmp-orientation-{name}.tif"] = saved(images(*SIZE)["gray"], tiffinfo={700: packet})
    pages = images(*SIZE)
    files["two-pages.tif"] = saved(pages["rgb"], save_all=True, append_images=[pages["gray"]])
    return files


def tifffile_files() -> dict[str, bytes | None]:
    import tifffile

    width, height = SIZE
    color, deep = picture(width, height, 4), deep_picture(width, height, 4)
    kinds = {
        "gray8": (color[:, :, 0], "minisblack", {}), "white8": (color[:, :, 0], "miniswhite", {}),
        "gray16": (deep[:, :, 0], "minisblack", {}), "white16": (deep[:, :, 0], "miniswhite", {}),
        "int16": (deep[:, :, 0].astype(np.int32).clip(0, 32767).astype(np.int16), "minisblack", {}),
        "float32": (deep[:, :, 0].astype(np.float32) / 100, "minisblack", {}),
        "rgb8": (color[:, :, :3], "rgb", {}), "rgb16": (deep[:, :, :3], "rgb", {}),
        "rgba8": (color, "rgb", {"extrasamples": ["unassalpha"]}),
        "rgba8-associated": (color, "rgb", {"extrasamples": ["assocalpha"]}),
        "rgba16": (deep, "rgb", {"extrasamples": ["unassalpha"]}),
        "rgba16-associated": (deep, "rgb", {"extrasamples": ["assocalpha"]}),
        "rgbx8": (color, "rgb", {"extrasamples": ["unspecified"]}),
        "cmyk8": (color, "separated", {}), "cmyk16": (deep, "separated", {}),
        "palette8": (color[:, :, 0], "palette", {"colormap": deep_picture(256, 3, 1)[:, :, 0]}),
    }  # fmt: skip
    files = {}
    for name, (values, photometric, options) in kinds.items():
        for order in ("<", ">"):
            for compression in (None, "lzw", "zlib", "packbits"):
                for organisation in ("contig", "planar", "tiled", "planar-tiled", "strips"):
                    options = dict(options)
                    pixels = values
                    keywords = {}
                    if "planar" in organisation:
                        if values.ndim == 2:
                            continue
                        pixels = np.moveaxis(values, -1, 0)
                        keywords["planarconfig"] = "separate"
                    if "tiled" in organisation:
                        keywords["tile"] = (16, 32)
                    if organisation == "strips":
                        keywords["rowsperstrip"] = 5
                    if compression in ("lzw", "zlib") and organisation in ("tiled", "strips"):
                        keywords["predictor"] = True
                    buffer = io.BytesIO()
                    try:
                        with tifffile.TiffWriter(buffer, byteorder=order,
                                                 bigtiff=organisation == "strips" and order == "<") as writer:
                            writer.write(pixels, photometric=photometric, compression=compression, metadata=None,
                                         **keywords, **options)
                    except (ValueError, NotImplementedError, RuntimeError):
                        continue
                    suffix = "big-endian" if order == ">" else "little-endian"
                    files[f"{name}-{compression}-{organisation}-{suffix}.tif"] = buffer.getvalue()
    for bits in (1, 2, 4, 12):
        for photometric in ("minisblack", "miniswhite"):
            buffer = io.BytesIO()
            values = color[:, :, 0] >> 6 if bits == 2 else color[:, :, 0] >> 4 if bits == 4 else color[:, :, 0] > 128
            values = deep[:, :, 0] >> 4 if bits == 12 else values.astype(np.uint8)
            try:
                with tifffile.TiffWriter(buffer) as writer:
                    writer.write(values.astype(bool) if bits == 1 else values, photometric=photometric,
                                 bitspersample=bits, metadata=None)
            except (ValueError, NotImplementedError, RuntimeError):
                continue
            files[f"{photometric}-{bits}.tif"] = buffer.getvalue()
    for subsampling in ((1, 1), (2, 1), (2, 2)):
        for tile in (None, (32, 32)):
            buffer = io.BytesIO()
            with tifffile.TiffWriter(buffer) as writer:
                writer.write(color[:, :, :3], photometric="ycbcr", compression="jpeg", subsampling=subsampling,
                             tile=tile, metadata=None)
            files[f"jpeg-{subsampling[0]}{subsampling[1]}-{'tiles' if tile else 'strips'}.tif"] = buffer.getvalue()
    return files


def tiff_files() -> dict[str, bytes]:
    return {name: data for name, data in (pillow_files() | tifffile_files()).items() if data is not None}
