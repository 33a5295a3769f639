internal import CLIPCore

/// Consecutive files of a tar archive with the same key.
struct TarSample {
    /// The maximum number of images per sample, so that memory is bounded; more images with the same key are split.
    static let maximumImages = 1000

    let key: [UInt8]
    var images = [TarMember]()
    /// The files that accompany the images; several if a name occurs more than once.
    var sidecars = [TarSource.Sidecar: [TarMember]]()
    /// Whether an earlier sample has images with the same key.
    var isContinued = false

    /// Whether the key alone is not unique within the archive.
    var hasSeveralImages: Bool { isContinued || images.count > 1 }
}

/// Groups the files of a tar archive into samples.
struct TarSamples {
    private var walker: TarWalker
    private var current: TarSample?
    private var damage: TarDamage?
    private var isAtEnd = false

    init(_ archive: OpenFile) {
        self.walker = TarWalker(archive)
    }

    /// The next sample with images, or `nil` at the end.
    ///
    /// - Throws: `TarDamage`, after all earlier samples were returned. The next call returns `nil`.
    mutating func next() throws(TarDamage) -> TarSample? {
        while let sample = nextSample() {
            if !sample.images.isEmpty { return sample }
        }
        defer { damage = nil }
        if let damage { throw damage }
        return nil
    }

    private mutating func nextSample() -> TarSample? {
        while !isAtEnd {
            do throws(TarDamage) {
                if let member = try walker.next() {
                    if let done = add(member) { return done }
                } else {
                    isAtEnd = true
                }
            } catch {
                damage = error
                isAtEnd = true
            }
        }
        defer { current = nil }
        return current
    }

    /// Adds a member to the sample with its key, and returns the previous sample if that completes it.
    private mutating func add(_ member: TarMember) -> TarSample? {
        guard let name = WebDatasetKey(member.path) else { return nil }
        var sample = current.take() ?? TarSample(key: name.key)
        var done: TarSample?
        if sample.key != name.key {
            done = sample
            sample = TarSample(key: name.key)
        } else if name.isImage, sample.images.count == TarSample.maximumImages {
            done = sample
            sample.images = []
            sample.isContinued = true
        }
        if name.isImage {
            sample.images.append(member)
        } else if let sidecar = TarSource.Sidecar(rawValue: name.suffix),
            sample.sidecars[sidecar, default: []].count < 2
        {
            sample.sidecars[sidecar, default: []].append(member)
        }
        current = sample
        return done
    }
}
