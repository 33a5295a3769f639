package import CLIPCore

/// An image file whose header has been read.
package protocol ImageFile {
    /// The number of columns, at least 1.
    var width: Int { get }
    /// The number of rows, at least 1.
    var height: Int { get }
    /// The columns and rows of the largest image that the codec decodes, of which only a part may be shown.
    var decodedSize: (width: Int, height: Int) { get }
    /// The pixel format after decoding.
    var format: PixelImage.Format { get throws(CLIPError) }
    /// The orientation according to EXIF or XMP data; `upright` if it is missing or damaged.
    var orientation: EXIFOrientation { get }
    /// The part of ``orientation`` that belongs to the image and is no metadata: Pillow applies it when it opens the file.
    var inherentOrientation: EXIFOrientation { get }
    /// The codec's memory besides the pixels and ``DecodingMemory/tables``.
    func codecMemory() throws(CLIPError) -> DecodingMemory
    /// The codec's work in pixels, of which it may decode each several times; see ``DecodingWork``.
    func work() throws(CLIPError) -> DecodingWork
    /// Decodes the pixels as stored, and sets `PixelImage.damage` if the file is damaged.
    func decode(into image: inout PixelImage, allowTruncated: Bool) throws(CLIPError)
}

extension ImageFile {
    /// None: there is only metadata, or the codec applies it.
    package var inherentOrientation: EXIFOrientation { .upright }

    /// The image itself.
    package var decodedSize: (width: Int, height: Int) { (width, height) }

    /// Each pixel once.
    package func work() -> DecodingWork { DecodingWork(pixels: width, height) }
}
