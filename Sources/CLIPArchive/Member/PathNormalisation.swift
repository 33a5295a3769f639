/// Compares paths that are written in different ways.
enum PathNormalisation {
    private static let slash = UInt8(ascii: "/")

    /// A path without empty components, `.` and `..`, as tar unpacks it.
    static func relative(_ path: some Collection<UInt8>) -> [UInt8] {
        var components = [ArraySlice<UInt8>]()
        for component in Array(path).split(separator: slash) {
            if component.elementsEqual("..".utf8) {
                _ = components.popLast()
            } else if !component.elementsEqual(".".utf8) {
                components.append(component)
            }
        }
        return Array(components.joined(separator: [slash]))
    }

    /// The target of a symbolic link at `path`; `nil` if it is outside the archive.
    static func target(_ target: [UInt8], ofLinkAt path: [UInt8]) -> [UInt8]? {
        guard target.first != slash else { return nil }
        let folder = relative(path).split(separator: slash).dropLast()
        var depth = folder.count
        for component in target.split(separator: slash) where !component.elementsEqual(".".utf8) {
            depth += component.elementsEqual("..".utf8) ? -1 : 1
            guard depth >= 0 else { return nil }
        }
        return relative(folder.joined(separator: [slash]) + [slash] + target)
    }
}
