public import CLIPImage

extension [ImageFormat] {
    /// Every format of this module.
    ///
    /// ```swift
    /// let decoder = ImageFileDecoder(formats: .all)
    /// ```
    public static var all: [ImageFormat] {
        []
    }
}
