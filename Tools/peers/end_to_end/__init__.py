"""From JPEG files to a Parquet file, in turns."""
