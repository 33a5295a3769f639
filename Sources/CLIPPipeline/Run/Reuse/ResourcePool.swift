/// A fixed set of resources that are lent to one task at a time.
actor ResourcePool<Resource: Sendable> {
    private var free: [Resource]
    private var waiting = [CheckedContinuation<Resource, Never>]()

    init(_ resources: [Resource]) {
        free = resources
    }

    /// Takes a resource; suspends until one is free.
    func take() async -> Resource {
        if let resource = free.popLast() { return resource }
        return await withCheckedContinuation { waiting.append($0) }
    }

    /// Returns a resource.
    func give(_ resource: Resource) {
        if waiting.isEmpty {
            free.append(resource)
        } else {
            waiting.removeFirst().resume(returning: resource)
        }
    }
}
