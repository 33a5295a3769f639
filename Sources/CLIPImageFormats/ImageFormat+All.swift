internal import CLIPFileKinds
public import CLIPImage

extension [ImageFormat] {
    /// Every format of this module.
    ///
    /// ```swift
    /// let decoder = ImageFileDecoder(formats: .all)
    /// ```
    public static var all: [ImageFormat] {
        [
            ImageFormat(.gif) { try GIFFile($0) },
            ImageFormat(.bmp) { try BMPFile($0) },
            ImageFormat(.tiff) { try TIFFFile($0) },
            ImageFormat(.pnm) { try PNMFile($0) },
            ImageFormat(.ico) { try ICOFile($0) },
            ImageFormat(.jpeg2000) { try JPEG2000File($0) },
            ImageFormat(.heif) { try HEIFFormat.open($0) },
            ImageFormat(.avif) { try AVIFFile($0) },
            ImageFormat(.jpegXL) { try JPEGXLFile($0) },
        ]
    }
}
