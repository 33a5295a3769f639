import CLIPCore

/// All images of a source, in order.
func images(of source: some ImageSource) async throws -> [ImageReference] {
    var iterator = try source.makeIterator()
    var images = [ImageReference]()
    while let image = try await iterator.next() {
        images.append(image)
    }
    return images
}

/// The ids of all images of a source, in order.
func ids(_ source: some ImageSource) async throws -> [String] {
    try await images(of: source).map(\.id)
}
