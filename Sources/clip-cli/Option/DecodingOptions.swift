internal import ArgumentParser
internal import CLIPCore
internal import CLIPImage
internal import CLIPImageFormats

/// How image files are decoded, and which fail.
struct DecodingOptions: ParsableArguments {
    @Option(help: "EXIF orientation: apply it, or ignore it as open_clip does.")
    var exifOrientation = OrientationOption.apply

    @Flag(help: "Decode truncated files as far as they go (JPEG, PNG, BMP, ICO, GIF, PNM, JPEG 2000).")
    var allowTruncated = false

    @Flag(help: "Fail damaged images instead of reading them as far as possible.")
    var strict = false

    @OptionGroup var limits: DecodingLimits

    func validate() throws {
        guard !strict || !allowTruncated else {
            throw ValidationError("--strict and --allow-truncated cannot be combined.")
        }
    }

    /// The decoder, which all threads share.
    func decoder() -> ImageFileDecoder {
        let options = limits.options(exifOrientation, allowTruncated: allowTruncated, acceptsDamage: !strict)
        return ImageFileDecoder(options: options, formats: .all)
    }
}

/// The largest images that are decoded.
struct DecodingLimits: ParsableArguments {
    @Option(help: "Maximum number of pixels.")
    var maxPixels = ImageFileDecoder.Options().maxPixels

    @Option(help: "Maximum file size in bytes.")
    var maxBytes = ImageFileDecoder.Options().maxBytes

    @Option(help: "Maximum aspect ratio (longer side ÷ shorter side).")
    var maxAspectRatio = ImageFileDecoder.Options().maxAspectRatio

    @Option(help: "Maximum memory for decoding one image, in bytes.")
    var maxMemory = ImageFileDecoder.Options().maxMemory

    func validate() throws {
        let limits = [
            ("pixels", maxPixels), ("bytes", maxBytes), ("aspect-ratio", maxAspectRatio), ("memory", maxMemory),
        ]
        for (name, value) in limits where value < 1 {
            throw ValidationError("--max-\(name) must be at least 1.")
        }
    }

    /// The decoder's options with these limits.
    func options(
        _ orientation: OrientationOption,
        allowTruncated: Bool = false,
        acceptsDamage: Bool = true
    ) -> ImageFileDecoder.Options {
        ImageFileDecoder.Options(
            orientation: orientation.value,
            allowTruncated: allowTruncated,
            acceptsDamage: acceptsDamage,
            maxPixels: maxPixels,
            maxBytes: maxBytes,
            maxAspectRatio: maxAspectRatio,
            maxMemory: maxMemory
        )
    }
}

/// The values of `--exif-orientation`.
enum OrientationOption: String, CaseIterable, ExpressibleByArgument {
    case apply
    case ignore

    /// The option a store was made with; `apply` if it does not record one, such as an imported store.
    init(of provenance: Provenance) {
        self =
            Self.allCases.first { option in
                let decoder = ImageFileDecoder(options: .init(orientation: option.value))
                return decoder.postprocessing.map(provenance.preprocessing.hasSuffix) ?? false
            } ?? .apply
    }

    var value: ImageFileDecoder.Options.Orientation {
        switch self {
        case .apply: .apply
        case .ignore: .ignore
        }
    }
}
