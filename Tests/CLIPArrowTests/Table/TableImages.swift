import CLIPArrow
import CLIPCore

extension ImageSource {
    /// All images, in order.
    func images() async throws -> [ImageReference] {
        var iterator = try makeIterator()
        var images = [ImageReference]()
        while let image = try await iterator.next() {
            images.append(image)
        }
        return images
    }
}

extension ImageReference {
    /// Why the image cannot be read, or `nil` when it can.
    func failure() async -> CLIPError? {
        do {
            _ = try await bytes()
            return nil
        } catch {
            return error as? CLIPError
        }
    }
}
