/// Things of which there are a few, handed out one by one.
actor ResourcePool<Resource: Sendable> {
    private var free: [Resource]
    private var waiting = [CheckedContinuation<Resource, Never>]()

    init(_ resources: [Resource]) {
        free = resources
    }

    /// Takes a resource; waits until one is free.
    func take() async -> Resource {
        if let resource = free.popLast() { return resource }
        return await withCheckedContinuation { waiting.append($0) }
    }

    /// Gives a resource back.
    func give(_ resource: Resource) {
        if waiting.isEmpty {
            free.append(resource)
        } else {
            waiting.removeFirst().resume(returning: resource)
        }
    }
}
