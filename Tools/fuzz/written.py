"""First inputs that are written here, where no fixture of the tests is one."""

import gzip
import struct
from hashlib import sha256

from fuzz.archives import tars, xz_with_large_window, zips
from fuzz.categories import CATEGORIES
from fuzz.images import heics, jpeg_2000s, jpegs
from fuzz.tables import clip_retrieval, failures, images, labels, matrices, results, stores, streams
from fuzz.tokenizers import byte_pairs, unigrams


def _response(status: str, *fields: str, body: bytes = b"") -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", *fields, "", "")).encode() + body


def _bundle(kind: str, vocabulary: str, tokenizer: str = "", rest: str = "") -> bytes:
    """A `model.json`; the target replaces the name in braces by the hash of its own file."""
    return f"""{{"format_version":2,"name":"m","origin":"","description":"","precision":"fp32","embedding_dimension":8,
"image":{{"file":"image.pt","size":[8,8],"resize_mode":"shortest","interpolation":"bicubic","input_layout":"NHWC-uint8"}},
"text":{{"file":"text.pt","cleaning":"whitespace","context_length":16,"padding":"context",
"tokenizer":{{"kind":"{kind}","vocabulary":"{vocabulary}"{tokenizer}}}}},"golden":{{"file":"golden.f32"}}{rest},
"files":{{"image.pt":"","text.pt":"","golden.f32":"","{vocabulary}":"{{sha256:{vocabulary}}}"}}}}""".encode()


def _adoption(parts: str, failures: str = "") -> bytes:
    return f'{{"format":1,"parts":[{parts}],"rejects":[{failures}]}}'.encode()


def _staged(name: str, rows: int, digest: str | None = None) -> str:
    """A file of a list; the target replaces the name in braces by the hash of its own file."""
    return f'{{"file":"{name}","rows":{rows},"sha256":"{digest or f"{{sha256:{name}}}"}"}}'


def _cache(*texts: str, day: int = 20_000) -> bytes:
    """A file of cached vectors of the target's encoder, as Sources/CLIPCache/RecordFile.swift describes it."""
    contents = struct.pack("<4f", 1, 0, 0, 0)
    keys = sorted(sha256(b"".join(struct.pack("<Q", len(part)) + part for part in (b"1 stub", text.encode()))).digest()
                  for text in texts)
    entries = (key + sha256(key + contents).digest()[:8] + struct.pack("<I", day) for key in keys)
    index = b"".join((b"clipcac1", struct.pack("<II", len(contents), len(keys)), *entries))
    return index + sha256(index).digest() + contents * len(keys)


PART, FAILURES = "part-00000.parquet", "rejects.parquet"
ENTRY = b"\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"
"""EXIF's orientation, little-endian."""

WRITTEN = {
    "categories": CATEGORIES,
    "byte-pair": [b"#version: 0.2\na t\nt h\nth e</w>\np h\nph o\n", "v\nĠ a\nâ Ģ\n".encode()],
    "text-byte-pair": ["<start_of_text>a<End_of_Text>b<end_of_text> it's we'RE '\u017f don't 12\u0345c <|startoftext|>".encode(),
                       "\U0001e6c0 \U00011de0\u1c89 \u0378 \U000323b0".encode()],
    "wordpiece": [b"[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nphoto\n##s\nof\ncat\n."],
    "model-json": [
        _bundle("wordpiece", "vocab.txt", ',"lowercase":true,"strip_accents":false,"unknown_token":"[UNK]","strip_sep_token":true'),
        _bundle("unigram", "unigram_bytes.json", ',"padding_token":"<pad>","exact_scores":true', ',"logit_scale":100.0,"logit_bias":-1'),
        _bundle("sentencepiece-bpe", "partial.json", "", ',"engine":"torchscript","operators":true'),
        _bundle("clip-bpe", "vocab.txt", ',"convention":"transformers","normalized_tokens":["a"]').replace(b".pt", b".xml")
        .replace(b'"name"', b'"engine":"openvino","name"').replace(b'"image.xml":""', b'"image.xml":"","image.bin":"","text.bin":""'),
    ],
    "list": [b"a.jpg\n/b/c.png\r\n\nfile:///d%20e.jpg\nhttps://example.com/a.jpg?X-Amz-Signature=1\ns3://bucket/key\n", b"\xff.jpg\n \n",
             b"ftp://a/b\nHTTPS://a/b \n\thttp://u:p@a/b\nfile://host/a\nfile:///a%zz\nfile:///a%0\nfile:\xff://a\nhttp://\xff\na\0b\n",
             b"http://a/b?sign=0123456789abcdefghij\nhttp://a/b?sign=c/d&key=AIzaX&a=%2526sig%253D1\ns3://b/k?versionId=1\ngs://b/k\n"],
    "pattern": [b"shard-{000..123}.tar\nshard-007.tar", b"{train,val}-{a..e}/*.{jpg,jpeg}\nval-c/x.jpg", b"**/[!_a-z]?\\*.png\nx/Y1*.png",
                b"{0..9..3}{1,{2,3}}"],
    "url": [b"https://example.com/a%20b.jpg?x=1#y\n../b\nhttp://[::1]:80/", "http://[::1]:80/\xe9.png\n//c/d".encode(), b"s3://bucket/key",
            b"https://a/b.jpg?X-Amz-Signature=1#c\nftp://a\nhttp://[", b"s3://user:secret@bucket/key",
            b"postgresql://a:b@c/d?password=e&sslpassword=f#g", b"https://a/b?sign=0123456789abcdefghij&x=%2525\n https://a/b?sign=c/d"],
    "proxy": [b"http\n[64:ff9b::10.0.0.1]\n64:ff9b::/96\nproxy", b"https\n0x7f.1\n127.0.0.0/8\nproxy:1", b"http\n" + b"a" * 300 + b"\n*\nb",
              b"http\n10.0.0.1\n" + b"1" * 70 + b"/8\nproxy", b"http\na.b\nb\nhttp://[::1", b"ftp\na\n\n", b"http\n[::1\n::/200\nproxy",
              b"\2\0\0\x50\x0a\0\0\1", b"\x0a\0\0\x50\0\0\0\0" + bytes(15) + b"\1",
              b"http\nimages.example.com\n.example.com,10.0.0.0/8 fd00::/8\nhttp://proxy:3128",
              b"https\n[fd00::1]\nfd00::/8,*\nsocks5h://user:secret@[::1]:1080", b"http\n169.254.1.1\n169.254.0.0/16\nproxy",
              b"http\n127.0.0.1\nlocalhost.\nftp://a"],
    "http": [
        _response("200 OK", "Content-Length: 3", 'ETag: "a"', body=b"abc"),
        _response("200 OK", "Content-Encoding: gzip", body=gzip.compress(b"abc", mtime=0)),
        _response("200 OK", "Content-Encoding: gzip", body=b"abc") + b"\x1e" + _response("200 OK", body=b"abc"),
        _response("200 OK", "Transfer-Encoding: chunked", body=b"3\r\nabc\r\n0\r\n\r\n"),
        _response("302 Found", "Location: /b", "Content-Length: 0") + b"\x1e" + _response("200 OK", "Content-Length: 1", body=b"x"),
        _response("301 Moved", "Location: https://10.0.0.1/") + b"\x1e" + _response("200 OK"),
        _response("206 Partial Content", "Content-Range: bytes 0-0/40", "Content-Length: 1", 'ETag: "a"', body=b"P") + b"\x1e"
        + _response("206 Partial Content", "Content-Range: bytes 24-39/40", "Content-Length: 16", 'ETag: "a"', body=b"P" * 16),
        _response("206 Partial Content", "Content-Range: bytes 0-2/3", body=b"abc"),
        _response("503 Busy", "Retry-After: 3"), _response("404 Not Found", "Content-Length: 9999999"), b"HTTP/0.9 abc\n\n",
    ],
    "resample": [bytes(range(64)), b"\xff" * 24, bytes([3, 1, 20, 4, 4, 0, 0, 1, 5]) + bytes(range(40)),
                 *(bytes([2, 1, 9, 7, 7, mode, mode % 2, mode // 2, format]) + bytes(range(40)) for mode in range(3) for format in range(8))],
    "exif": [bytes([2]) + b"II*\0\x08\0\0\0\x01\0" + ENTRY + bytes(4), bytes([2]) + b"Exif\0\0II*\0\x08\0\0\0\x01\0" + ENTRY + bytes(4),
             bytes([2]) + b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", 0x112, 3, 1, 8, 0) + bytes(4),
             b"\0<x tiff:Orientation=\"6\"/>", b"\0<tiff:Orientation>3</tiff:Orientation>"],
    "table-csv": [b'id,path,label\n1,a.jpg,cat\n2,"b ""x"".jpg",\n', b"\xef\xbb\xbfid;url\r\na;https://example.com/a.jpg\r\n",
                  b'path,"a\nb"\n"c\nd",1\n"e\n', b"id|image|n\n1|a.jpg|0.5\n2|b.jpg\n3|c.jpg|1|2\n",
                  b"PK\3\4", b"PAR1", b"x,y\na.jpg,b.jpg\n", b"image,path\n1,2\n", b"sep=;\nid;path\n1;a.jpg\n", b"\xff\xfei\0d\0", b"a\n1\n",
                  b"path,image,image.path\na,b,c\n", b"path,path\na,b\n", b"path\n\"a\" b\n\"c\"\"d\"\n\"e\n", b"path\n\0\n\xff\n", b"id,path\n,a\n1,\n1,a\n",
                  b"path\rid\ra\r1\r", b"path,id\r\na,\"x\r\ny\"\r\n", b"path\n" + b"a" * 9000 + b"\n"],
    "table-tsv": [b"id\tpath\n1\ta.jpg\n", b'id\tpath\ttext\n1\ta.jpg\t"b "c"\n2\td.jpg\t"e"\n'],
    "labels-csv": [b"id,category,label\na,dog,1\nb,cat,no\n", b"id,category,label,probability,round\na,dog,,0.5,1\nb,dog,unsure,1,2\n",
                   b"id,category\na,dog\nb,\n", b"a.jpg,dog,1\n", b"id,category,label\na,dog,1\na,dog,0\n", b"id,category\na,dog\na,\n",
                   b"id,category\na,\na,dog\n", b"id,category,label,probability,round\na,dog,1,0.5,1\na,dog,1,0.25,1\n",
                   b"id,category,label,probability,round\na,dog,1,0.5,1\nb,dog,1,,1\n", b"id,category,label\na,dog,maybe\n",
                   b"id,category,label,probability,round\na,dog,true,2,1\n", b"id,category,label,probability,round\na,dog,no,0.5,1.5\n",
                   b"id,category,label\na,,1\n", b"id,category,label\n,dog,1\n", b"id,category,label\n", b"id,categories,score_dog\na,dog,1\n",
                   b"id,category,tag\na,dog,1\n", b'id,category,label\n"a,dog,1\n', b"path,tag\na,dog\n", b"id,category,label\na,dog,\n",
                   b"id,category,label,probability\na,dog,,0.5\na,dog,unsure,0.5\na,dog,yes,0.5\na,dog,False,0.5\n"],
    "results-text": [b'{"id":"a.jpg","categories":["a"],"scores":{"a":{"score":0.25,"outcome":"match"}}}\n',
                     b'{"group":1,"id":"a","cosine":0.25}\n{"group":1,"id":"b","cosine":1e-3}\n', b'"id","categories","score_a, ""b"""\r\n',
                     b"id,category,label\na,b,\n", b"id,cosine\r\n", b'<!doctype html><meta name="generator" content="swift-openclip">'],
    "adoption": [_adoption(_staged(PART, 3), _staged(FAILURES, 1)), _adoption(_staged(PART, 3)), _adoption(_staged(PART, 1)),
                 _adoption(_staged(PART, 3), _staged(FAILURES, 2)), _adoption(_staged(PART, 3, "0")), _adoption("", _staged(FAILURES, 1)),
                 _adoption(_staged(PART, 3), _staged(PART, 3)), _adoption(_staged("../a.parquet", 1)), _adoption(_staged("b.parquet", -1)),
                 _adoption(_staged("b.parquet", 1)), b'{"format":2,"parts":[],"rejects":[]}', _adoption(""), b"[]"],
    "cache": [_cache(), _cache("a"), _cache("a", "b", "c", "d"), _cache("b", "c", day=4_000_000_000),
              _cache(*map(str, range(70)), day=4_000_000_000)],
    "report": ["a title\ncat\na.jpg\nhttps://example.com/b?c=1\n../é".encode(),
               '<b>&amp;"\'\n</script><script>\n<!--\nu\u2028v\n😀'.encode()],
    "jpeg": jpegs,
    "jpeg-2000": jpeg_2000s,
    "heic": heics,
    "labels-parquet": labels,
    "store": stores,
    "failures": failures,
    "numpy": matrices,
    "results-parquet": results,
    "clip-retrieval": clip_retrieval,
    "table-parquet": images,
    "worker": streams,
    "unigram": unigrams,
    "sentencepiece-bpe": byte_pairs,
    "tar": tars,
    "zip": zips,
    "tar-xz": [xz_with_large_window()],
    "tar-gz": [gzip.compress(b"", mtime=0)],
}
