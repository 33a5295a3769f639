extension String {
    /// The text that a C function has written to a buffer, up to its zero.
    package init(cMessage buffer: UnsafeRawBufferPointer) {
        self.init(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
    }
}
