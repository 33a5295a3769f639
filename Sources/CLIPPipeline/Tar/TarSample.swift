internal import CLIPCore

/// Files of one key that follow each other in a tar archive.
struct TarSample {
    /// More images of one key than this are divided, so that memory is bounded.
    static let maximumImages = 1000

    let key: [UInt8]
    var images = [TarMember]()
    /// The files beside the images, several where names are there twice.
    var sidecars = [TarSource.Sidecar: [TarMember]]()
    /// Whether images of the same key came before these.
    var isContinued = false

    /// Whether the key alone does not tell its images apart.
    var hasSeveralImages: Bool { isContinued || images.count > 1 }
}

/// Divides the files of a tar archive into samples.
struct TarSamples {
    private var walker: TarWalker
    private var current: TarSample?
    private var damage: TarDamage?
    private var isAtEnd = false

    init(_ archive: OpenFile) {
        self.walker = TarWalker(archive)
    }

    /// The next sample that has images, or `nil` at the end.
    ///
    /// - Throws: `TarDamage`, once all before it was returned; the end follows.
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

    /// Adds a member to the sample of its key, and returns the sample before when that is complete.
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
