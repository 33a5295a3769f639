import CLIPCore
import CLIPImage
import CLIPImageFormats

/// The error that decoding throws, or nil where it gives an image.
func decodingFailure(_ data: [UInt8], _ options: ImageFileDecoder.Options = .init()) -> CLIPError? {
    do throws(any Error) {
        _ = try ImageFileDecoder(options: options, formats: .all).decode(data)
        return nil
    } catch {
        return error as? CLIPError ?? CLIPError(.inference, "not a CLIPError: \(error)")
    }
}
