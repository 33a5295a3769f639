/// A normalizer of a `tokenizer.json`.
enum NormalizationStep: Sendable {
    case characterMap(CharacterMap)
    case replace(ReplacementPattern, with: [UInt8])
    case strip(left: Bool, right: Bool)
    case prepend([UInt8])
    case lowercase
    case machineTranslation
    case form(NormalForm)

    /// Whether it is a Unicode normalisation form, which does not track the origin of the text.
    var isForm: Bool {
        if case .form = self { true } else { false }
    }

    /// Normalises a text.
    func apply(to text: inout NormalizedText) {
        switch self {
        case .characterMap(let map): map.apply(to: &text)
        case .replace(let pattern, let replacement): Self.replace(pattern, with: replacement, in: &text)
        case .strip(let left, let right): Self.strip(&text, left: left, right: right)
        case .prepend(let prefix):
            guard !text.bytes.isEmpty else { return }
            text.bytes.insert(contentsOf: prefix, at: 0)
            if text.originCount > 0 { text.originCount += prefix.count }
        case .lowercase:
            text.mapScalars { scalar, result in
                var lower: [Unicode.Scalar] = []
                Lowercase.append(scalar, to: &lower)
                for scalar in lower { UTF8Text.append(scalar, to: &result) }
            }
        case .machineTranslation: text.mapScalars(Self.tidy)
        case .form(let form):
            guard text.bytes.contains(where: { $0 >= 0x80 }) else { return }
            var result: [UInt8] = []
            result.reserveCapacity(text.bytes.count)
            for scalar in form.apply(to: UTF8Text.scalars(text.bytes)) { UTF8Text.append(scalar, to: &result) }
            text.bytes = result
        }
    }

    private static func replace(
        _ pattern: ReplacementPattern,
        with replacement: [UInt8],
        in text: inout NormalizedText
    ) {
        guard var match = pattern.firstMatch(in: text.bytes, from: 0) else { return }
        var result: [UInt8] = []
        result.reserveCapacity(text.bytes.count)
        var count = min(text.originCount, match.lowerBound)
        var position = 0
        while true {
            result += text.bytes[position..<match.lowerBound]
            result += replacement
            position = match.upperBound
            if position <= text.originCount { count = result.count }
            let next = pattern.firstMatch(in: text.bytes, from: position)
            let kept = min(text.originCount, next?.lowerBound ?? text.bytes.count) - position
            if kept > 0 { count = result.count + kept }
            guard let next else { break }
            match = next
        }
        result += text.bytes[position...]
        text.bytes = result
        text.originCount = count
    }

    private static func strip(_ text: inout NormalizedText, left: Bool, right: Bool) {
        var rest = text.bytes[...]
        if left { rest = UTF8Text.withoutLeadingSpace(rest) }
        if right { rest = UTF8Text.withoutTrailingSpace(rest) }
        if rest.count < text.bytes.count { text = text[rest.indices] }
    }

    /// The normaliser `Nmt`: replaces white space and similar characters with spaces and removes control characters.
    private static func tidy(_ scalar: Unicode.Scalar, to result: inout [UInt8]) {
        switch scalar.value {
        case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: break
        case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
            result.append(UInt8(ascii: " "))
        default: UTF8Text.append(scalar, to: &result)
        }
    }
}
