internal import CLIPCore

/// Consecutive files of an archive with the same key.
struct ArchiveSample {
    /// The maximum number of images per sample, so that memory is bounded; more images with the same key are split.
    static let maximumImages = 1000
    /// The maximum size of several images together, for the same reason.
    static let maximumBytes = 64 << 20

    let key: [UInt8]
    private(set) var images = [ArchiveMember]()
    private(set) var byteCount = 0
    /// The files that accompany the images, by their suffix; several if a name occurs more than once.
    private(set) var sidecars = [String: [ArchiveMember]]()
    /// Whether an earlier sample has images with the same key.
    private(set) var isContinued = false

    init(key: [UInt8]) {
        self.key = key
    }

    /// Whether the key alone is not unique within the archive.
    var hasSeveralImages: Bool { isContinued || images.count > 1 }

    /// Whether another image with this key belongs into another sample.
    var isFull: Bool { images.count == Self.maximumImages || images.count > 1 && byteCount > Self.maximumBytes }

    mutating func add(_ member: ArchiveMember, as role: MemberRules.Role) {
        switch role {
        case .image:
            images.append(member)
            // An archive may claim any size.
            byteCount = min(byteCount, Self.maximumBytes) + min(member.byteCount, Self.maximumBytes + 1)
        case .sidecar(let sidecar):
            if sidecars[sidecar, default: []].count < 2 { sidecars[sidecar, default: []].append(member) }
        }
    }

    /// Removes the images, so that more with the same key can be added.
    mutating func removeImages() {
        images = []
        byteCount = 0
        isContinued = true
    }
}

/// Groups the files of an archive into samples.
struct ArchiveSamples {
    private var members: any ArchiveMembers
    private let rules: MemberRules
    private var current: ArchiveSample?
    private var damage: ArchiveDamage?
    private var isAtEnd = false

    init(_ members: some ArchiveMembers, _ rules: MemberRules) {
        self.members = members
        self.rules = rules
    }

    /// The next sample with images, or `nil` at the end.
    ///
    /// - Throws: `ArchiveDamage`, after all earlier samples were returned. The next call returns `nil`.
    mutating func next() throws(ArchiveDamage) -> ArchiveSample? {
        while let sample = nextSample() {
            if !sample.images.isEmpty { return sample }
        }
        defer { damage = nil }
        if let damage { throw damage }
        return nil
    }

    private mutating func nextSample() -> ArchiveSample? {
        while !isAtEnd {
            do throws(ArchiveDamage) {
                if let member = try members.next() {
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
    private mutating func add(_ member: ArchiveMember) -> ArchiveSample? {
        let role = rules.role(of: member.path)
        // A file without a suffix is its own sample.
        guard let key = WebDatasetKey(member.path)?.key ?? role.map({ _ in member.path }) else { return nil }
        var sample = current.take() ?? ArchiveSample(key: key)
        var done: ArchiveSample?
        if sample.key != key {
            done = sample
            sample = ArchiveSample(key: key)
        } else if case .image = role, sample.isFull {
            done = sample
            sample.removeImages()
        }
        if let role { sample.add(member, as: role) }
        current = sample
        return done
    }
}
