"""Words of each format, from which libFuzzer composes inputs: markers, chunks, boxes, tags, keys."""

from pathlib import Path


def _words(text: str) -> list[bytes]:
    """The words of a text; a word with an escape, such as `\\xff\\xd8`, is these bytes."""
    return [word.encode("latin-1").decode("unicode_escape").encode("latin-1") for word in text.split()]


def _json(text: str) -> list[bytes]:
    return [b'"%s":' % word for word in _words(text)] + _words('true false null [] {} 0 -1 1e9 1e-3 0.5 "" \\\\ \\"')


TIFF = _words(
    r"II*\0 MM\0* II+\0 MM\0+ \x00\x01 \x01\x01 \x02\x01 \x03\x01 \x06\x01 \x0a\x01 \x11\x01 \x12\x01 \x15\x01 \x16\x01 \x17\x01"
    r" \x1c\x01 \x3d\x01 \x40\x01 \x42\x01 \x43\x01 \x44\x01 \x45\x01 \x4c\x01 \x52\x01 \x53\x01 \x5b\x01 \x11\x02 \x12\x02 \x13\x02"
    r" \x14\x02 \x69\x87 \x12\x01\x03\0\x01\0\0\0 \x01\x12\0\x03\0\0\0\x01 \x05\0 \x07\0 \x08\0 \xb2\x80 \x65\x87 \x50\xc3")
XMP = [b'tiff:Orientation="6', b"tiff:Orientation>8", b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"]
BOXES = _words(
    r"ftyp meta hdlr pict pitm iloc iinf infe iref dimg auxl thmb cdsc iprp ipco ipma ispe pixi colr nclx rICC prof av1C hvcC"
    r" av1f irot imir clap auxC pasp idat grid iovl Exif mime mdat moov free uuid avif avis mif1 msf1 heic heix miaf hvc1 av01"
    r" \x12\0\x0a \x40\x01 \x42\x01 \x44\x01 \x26\x01")
YAML = [f"{key}: ".encode() for key in (
    "categories", "positive", "negative", "neutral", "threshold", "neutral_margin", "templates", "rule", "model_sha256", "model",
    "calibrated_on", "name", "k", "group", "logit_scale", "logit_bias", "regularization")] + _words(
    r"contrast softmax sigmoid best-prompt nearest-exemplar exemplar-mean linear-probe top-k-mean strongest-negative {} {c} &a *a <<: !!str"
    r" !!float !!binary --- ... | > >- ? %YAML ~ .nan .inf -.inf 0x1f 1e400 \x22 ' [ ] { } # \xc2\x85 \xe2\x80\xa8 \xef\xbb\xbf") + [
    b"\n  ", b"\n- ", b", ", b": ", b"\r\n", b'"\\ud83d\\ude00"']
TOKENIZER = _json(
    "version truncation padding added_tokens id content single_word lstrip rstrip normalized special normalizer pre_tokenizer"
    " post_processor decoder model type vocab merges unk_id unk_token byte_fallback fuse_unk ignore_merges precompiled_charsmap"
    " pattern String Regex replacement prepend_scheme add_prefix_space split pretokenizers normalizers behavior invert single pair"
    " SpecialToken Sequence special_tokens ids tokens direction max_length strategy pad_id pad_token") + _words(
    '"Unigram" "BPE" "Metaspace" "Precompiled" "Replace" "Strip" "Lowercase" "NFC" "NFD" "NFKC" "NFKD" "Prepend" "Sequence"'
    ' "WhitespaceSplit" "TemplateProcessing" "Split" "MergedWithPrevious" "always" "first" "never" "<unk>" "<pad>" "<0x41>"'
    r" \xe2\x96\x81 [\x22a\x22,-1.5]")
MODEL = _json(
    "format_version engine name origin description precision operators quantized_engine embedding_dimension logit_scale logit_bias"
    " image text golden files file size resize_mode interpolation fill_color convention input_layout batch tokenizer cleaning"
    " context_length padding kind vocabulary lowercase strip_accents unknown_token start_token end_token padding_token"
    " separator_token strip_sep_token normalized_tokens exact_scores") + _words(
    '"torchscript" "openvino" "NHWC-uint8" "shortest" "squash" "longest" "bicubic" "bilinear" "open_clip" "transformers" "joint"'
    ' "single" "context" "clip-bpe" "wordpiece" "unigram" "sentencepiece-bpe" "none" "lower" "whitespace" "canonicalize" "fp32"'
    ' "{sha256:vocab.txt}" "{sha256:unigram_bytes.json}" "{sha256:partial.json}"')
TABLE = _words(
    r"id image_id key path file image bytes url uri label category probability round unsure yes no true false 1 0 0.5 1e-300"
    r" image.path https://a/b.jpg s3://b/k data:, \x22\x22 \x22 , ; | \t \xef\xbb\xbf \xff") + [b"\r\n", b"\n", b'","', b'"\n"']
URL = _words(
    r"http:// https:// s3:// gs:// file:/// ftp:// // /../ /./ %00 %2f %40 ? # @ : [::1] [::ffff:127.0.0.1] 127.0.0.1 0x7f.1 2130706433"
    r" 169.254.169.254 10.0.0.0/8 fd00::/8 localhost .localhost * , ?X-Amz-Signature= &sig= user:pass@ :80 :65536 \\ \xe2\x80\xa8 xn--"
    r" http_proxy https_proxy socks5h://")
HTTP = [line.encode() for line in (
    "HTTP/1.1 200 OK\r\n", "HTTP/1.1 206 Partial Content\r\n", "HTTP/1.1 301 Moved\r\n", "HTTP/1.1 416 \r\n", "HTTP/1.1 503 \r\n",
    "HTTP/1.0 200\r\n", "Content-Length: ", "Content-Range: bytes 0-0/1\r\n", "Content-Range: bytes */", "Content-Encoding: gzip\r\n",
    "Content-Encoding: deflate\r\n", "Content-Encoding: br, zstd\r\n", "Transfer-Encoding: chunked\r\n", "Location: ", "ETag: \"a\"\r\n",
    "Retry-After: 1\r\n", "Connection: close\r\n", "0\r\n\r\n", "\r\n\r\n", "\x1e", "http://", "https://", "/a", "//b/c")]
RESULT = _json("id categories score cosine") + _words(
    r"id,categories id,cosine id,score_ query,id,cosine, id,category,change, category,threshold,precision,recall, { } [ ] \x22 ,") + [
    b"\r\n", b"id,category,label"]
TEXT = _words(
    r"&amp; &lt; &#65; &#x41; &#xD83D; &amp;lt; &nbsp; </s> <s> <pad> <unk> <start_of_text> <end_of_text> [SEP] [CLS] [MASK] [PAD] <|startoftext|> <|endoftext|> <0x0A>"
    r" <bos> <eos> \xe2\x96\x81 \xc3\xa9 \xc3\x83\xc2\xa9 \xe2\x80\x99 \xc3\xa2\xe2\x82\xac\xe2\x84\xa2 \xcc\x81 \xcc\xa7 \xe1\x84\x80 \xe1\x85\xa1"
    r" \xe1\x86\xa8 \xef\xbd\xb6\xef\xbe\x9e \xef\xbf\xbd \xf0\x9f\x98\x80 \xe2\x80\x8d \xe2\x80\xa8 \xc2\xa0 \xe3\x80\x80 \xed\xa0\x80 \xc0\x80 \xff"
    r" \x1b[0m \xc4\xb0 \xc3\x9f \xcf\x82 \xe4\xb8\xad 's 're 'll") + [b" ", b"\r\n", b"\t"]
PARQUET = _words(
    r"PAR1 ARROW:schema openclip.complete openclip.sources huggingface id embedding score_ outcome_ positive_ negative_ neutral_ categories stage reason image_path"
    r" model model_sha256 dimension swift_openclip")

DICTIONARIES = {
    "jpeg": _words(
        r"\xff\xd8 \xff\xd9 \xff\xc0 \xff\xc1 \xff\xc2 \xff\xc4 \xff\xc9 \xff\xca \xff\xcc \xff\xda \xff\xdb \xff\xdd \xff\xd0 \xff\xd7 \xff\xe0"
        r" \xff\xe1 \xff\xe2 \xff\xee \xff\xfe \xff\xdc \xff\0 JFIF\0 Adobe\0 ICC_PROFILE\0 MPF\0 \x11\x08 \x01\x11\0 \x02\x11\x01 \x03\x11\x01") + XMP,
    "png": _words(
        r"\x89PNG\r\n\x1a\n IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP tEXt zTXt iTXt bKGD pHYs sBIT hIST tIME eXIf acTL fcTL fdAT sPLT"
        r" XML:com.adobe.xmp Raw\x20profile\x20type\x20exif \x08\x02\0\0\0 \x08\x03\0\0\0 \x10\x06\0\0\x01 \x78\x9c") + XMP,
    "webp": _words(r"RIFF WEBP VP8\x20 VP8L VP8X ALPH ANIM ANMF EXIF XMP\x20 ICCP \x9d\x01\x2a \x2f") + XMP,
    "exif": TIFF + XMP,
    "adoption": _json("format parts rejects file rows sha256") + _words('"{sha256:part-00000.parquet}" "rejects.parquet" ../'),
    "tiff": TIFF,
    "jpeg-xl": BOXES + _words(r"\xff\x0a JXL\x20\r\n\x87\n jxlc jxlp jbrd jxll brob jxl\x20"),
    "avif": BOXES,
    "heic": BOXES,
    "jpeg-2000": _words(
        r"jP\x20\x20\r\n\x87\n jp2h ihdr bpcc colr pclr cmap cdef jp2c jp2\x20 \xff\x4f \xff\x51 \xff\x52 \xff\x53 \xff\x5c \xff\x5d \xff\x5e"
        r" \xff\x5f \xff\x55 \xff\x57 \xff\x58 \xff\x60 \xff\x61 \xff\x63 \xff\x64 \xff\x90 \xff\x93 \xff\xd9"),
    "bmp": _words(r"BM \x0c\0\0\0 \x28\0\0\0 \x40\0\0\0 \x6c\0\0\0 \x7c\0\0\0 \x01\0\x01\0 \x01\0\x04\0 \x01\0\x08\0 \x01\0\x10\0 \x01\0\x18\0"
                  r" \x01\0\x20\0 \x03\0\0\0 \0\x01 \0\0 \0\x02 \0\xf8 \xe0\x07 \x1f\0"),
    "gif": _words(r"GIF87a GIF89a !\xf9\x04 !\xff\x0bNETSCAPE2.0 !\xfe !\x01 , ; \0;"),
    "ico": _words(r"\0\0\x01\0 \0\0\x02\0 \x89PNG\r\n\x1a\n \x28\0\0\0 IHDR IDAT IEND"),
    "pnm": _words(r"P1 P2 P3 P4 P5 P6 P7 Pf PF PyP Py # 255 65535 1 -1.0 1.0 WIDTH HEIGHT DEPTH MAXVAL TUPLTYPE ENDHDR") + [b"\n", b" "],
    "tar": _words(r"ustar\x0000 ustar\x20\x20\0 GNU.sparse.major=1 GNU.sparse.map= GNU.sparse.size= SCHILY.realsize= path= linkpath= size="
                  r" ././@LongLink .jpg .txt .json .cls ../ / \x80\0\0\0") + [b"12 path=a\n"],
    "zip": _words(r"PK\x03\x04 PK\x01\x02 PK\x05\x06 PK\x06\x06 PK\x06\x07 PK\x07\x08 \x01\0 up \x75\x70 \xff\xff\xff\xff \x08\0 \0\x08 .jpg ../ \x63\0"),
    "tar-gz": _words(r"\x1f\x8b\x08 ustar"), "tar-bz2": _words(r"BZh9 1AY&SY \x17rE8P\x90"),
    "tar-xz": _words(r"\xfd7zXZ\0 YZ \x21\x01"), "tar-zst": _words(r"\x28\xb5\x2f\xfd \x50\x2a\x4d\x18"),
    "categories": YAML, "category-edit": YAML, "lint": YAML,
    "unigram": TOKENIZER, "sentencepiece-bpe": TOKENIZER, "model-json": MODEL,
    "byte-pair": _words(r"#version: </w> \xc4\xa0 t\x20h") + [b"\n", b" "],
    "wordpiece": _words("[PAD] [UNK] [CLS] [SEP] [MASK] ## ##s a") + [b"\n"],
    "list": URL + [b"\n", b"\r\n", b"\0"], "url": URL + [b"\n"], "proxy": URL + [b"\n"],
    "pattern": _words(r"* ** ? [a-z] [!a] [] {a,b} {0..9} {000..123} {a..e} {0..9..3} \\ / . ../ }") + [b"\n"],
    "http": HTTP, "http-part": HTTP,
    "numpy": _words(r"\x93NUMPY\x01\0 \x93NUMPY\x02\0 \x93NUMPY\x03\0 'descr': 'fortran_order': 'shape': <f2 <f4 >f4 |O False True (3,16) ,}"),
    "worker": PARQUET + _words(r"\xff\xff\xff\xff bytes path uri ARROW1"),
    "results-text": RESULT,
    "report": TEXT + _words("</script> <script> <!-- --> ]]> {{data}} {{title}} ' javascript: http://a/b"),
} | {name: TABLE for name in ("table-csv", "table-tsv", "labels-csv")} | {
    name: PARQUET for name in ("table-parquet", "labels-parquet", "store", "failures", "results-parquet", "clip-retrieval")} | {
    name: TEXT for name in ("cleaning", "text-byte-pair", "text-byte-pair-transformers", "text-wordpiece", "text-unigram",
                            "text-sentencepiece-bpe", "labelling", "json-lines")}


def write_dictionary(target: str, path: Path) -> bool:
    """Writes a target's words as libFuzzer reads them; returns whether it has any."""
    words = DICTIONARIES.get(target, [])
    if words:
        lines = ['"' + "".join(f"\\x{byte:02x}" for byte in word) + '"' for word in words]
        path.write_text("\n".join(lines) + "\n")
    return bool(words)
