import CLIPCore
import CLIPPipeline

extension Schedule {
    /// Makes the schedule of a seed.
    init(seed: UInt64) {
        self.seed = seed
        var random = SeededGenerator(seed: seed)
        let count = random.count(most: [24, 24, 24, 120, 600])
        chooseOptions(&random)
        let faultShare = [0, 5, 30, 100][random.index(below: 4)]
        var vectorlessImages = 0
        for number in 0..<count {
            var image = ScheduledImage(number, faultShare: faultShare, &random)
            if image.kind == .withoutVector { vectorlessImages += 1 }
            // The encoder that finds no vector for any of several images ends the run.
            if image.kind == .withoutVector, vectorlessImages > 1 { image = image.with(kind: .sound) }
            if random.happens(4), let earlier = random.element(of: images) { image = image.with(id: earlier.id) }
            images.append(image)
        }
        chooseStored(&random)
        let calls = count / options.batchSize + 2
        if random.happens(20) { chooseFatal(&random, calls: calls) }
        if random.happens(40) { chooseInterruption(&random) }
        isIterated = isIterated || random.happens(50)
        for stage in Stage.allCases { patience[stage] = random.count(most: [0, 0, 2, 30]) }
        isBatchInvariant = random.happens(50)
    }

    private mutating func chooseOptions(_ random: inout SeededGenerator) {
        options = EmbeddingRun.Options(
            batchSize: 1 + random.count(most: [3, 8, 40]),
            decodeWorkers: 1 + random.index(below: 4),
            concurrentReads: random.happens(50) ? 1 + random.index(below: 12) : nil,
            failureLimit: random.happens(10) ? .count(random.index(below: 8)) : nil,
            contentHash: random.happens(50) ? Self.hash : nil,
            prunes: random.happens(30)
        )
        options.comparesContent = options.contentHash != nil && random.happens(50)
        options.batchesBetweenStages = 1 + random.index(below: 3)
        options.imagesFoundAhead = 1 + random.count(most: [1, 16])
        options.idleTime = [.zero, .microseconds(50), .seconds(60)][random.index(below: 3)]
        isCounted = random.happens(50)
        if random.happens(20) { encoderMemory = 1 + random.index(below: options.batchSize) }
    }

    /// Some of the images as an earlier run found them, and some that are in the source no longer.
    private mutating func chooseStored(_ random: inout SeededGenerator) {
        guard random.happens(60) else { return }
        let share = [20, 50, 100][random.index(below: 3)]
        var ids = Set<String>()
        for image in images where image.readFault != .unknownPart && random.happens(share) {
            guard ids.insert(image.id).inserted else { continue }
            let isOther = random.happens(30)
            stored.append(
                ScheduledImage(
                    id: image.id,
                    file: isOther ? [image.file[0], image.file[1], 200] : image.file,
                    version: random.happens(80) ? image.version : [nil, "0"][random.index(below: 2)]
                ).with(kind: isOther || image.kind == .sound ? nil : .sound)
            )
        }
        for number in 0..<random.count(most: [0, 5]) {
            stored.append(ScheduledImage(id: "old-\(number)", file: [UInt8(number), 255, 201], version: nil))
        }
    }

    private mutating func chooseFatal(_ random: inout SeededGenerator, calls: Int) {
        let position = random.index(below: images.count + 1)
        let all: [Fatal] = [
            .counting, .opening, .finding(position), .library(position), .encoding(random.index(below: calls)),
            .memory, .storedImages, .appending(random.index(below: calls)), .recording(random.index(below: 5)),
            .removing, .finishing,
        ]
        fatal = random.element(of: all)
    }

    private mutating func chooseInterruption(_ random: inout SeededGenerator) {
        let how: Interruption = [.stop, .cancel, .leave][random.index(below: 3)]
        let position = random.index(below: images.count + 1)
        let when: Moment =
            switch random.index(below: 8) {
            // A loop that waits for the next event is not left.
            case 0 where how != .leave: .hangingRead(position)
            case 1 where how != .leave: .hangingFind(position)
            default: .step(random.count(most: [8, 40, 3 * images.count + 8]))
            }
        interruption = (how, when)
        isIterated = how == .leave
    }
}

extension ScheduledImage {
    /// An image with an id and a file of its own.
    fileprivate init(_ number: Int, faultShare: Int, _ random: inout SeededGenerator) {
        var kind = Kind.sound
        var fault: ReadFault?
        if random.happens(faultShare) {
            if random.happens(50) {
                kind = random.element(of: Kind.allCases) ?? .sound
            } else {
                fault = random.element(of: ReadFault.allCases)
            }
        }
        self.init(
            id: "\(number)",
            file: [UInt8(number % 251), UInt8(number / 251), kind.rawValue],
            version: [nil, "1", "2"][random.index(below: 3)],
            readFault: fault
        )
    }

    fileprivate func with(id: String) -> ScheduledImage {
        readFault == .unknownPart ? self : ScheduledImage(id: id, file: file, version: version, readFault: readFault)
    }

    fileprivate func with(kind: Kind?) -> ScheduledImage {
        guard let kind else { return self }
        return ScheduledImage(
            id: id,
            file: [file[0], file[1], kind.rawValue],
            version: version,
            readFault: readFault
        )
    }
}

extension SeededGenerator {
    /// Whether something happens that does so in `percent` of a hundred cases.
    fileprivate mutating func happens(_ percent: Int) -> Bool { index(below: 100) < percent }

    /// A number up to one of the limits, each of which is as likely.
    fileprivate mutating func count(most limits: [Int]) -> Int {
        index(below: limits[index(below: limits.count)] + 1)
    }

    fileprivate mutating func element<Value>(of values: [Value]) -> Value? {
        values.isEmpty ? nil : values[index(below: values.count)]
    }
}
