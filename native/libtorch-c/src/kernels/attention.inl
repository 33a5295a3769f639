// Attention of one head of one image: softmax(Q · Kᵀ · scale + mask) · V.
//
// `Dot` is Singles for operands in fp32, or Halves for bf16; sums and the softmax are fp32.

/// Rows of queries that are processed together, so that their scores stay in the cache.
constexpr size_t query_rows = 8 * tile_rows;

/// Working memory: keys and values as packed weights, scores of a block of queries, and zeros as bias.
template <class Dot> struct AttentionMemory {
    size_t padded_tokens, padded_width, key_groups, value_groups;

    AttentionMemory(size_t tokens, size_t head_width)
        : padded_tokens((tokens + panel - 1) / panel * panel), padded_width((head_width + panel - 1) / panel * panel),
          key_groups(head_width / Dot::group), value_groups((tokens + Dot::group - 1) / Dot::group) {}

    size_t keys() const { return padded_tokens * key_groups; }
    size_t values() const { return padded_width * value_groups; }
    size_t scores() const { return query_rows * padded_tokens; }
    size_t bias() const { return padded_tokens > padded_width ? padded_tokens : padded_width; }
    size_t bytes() const { return 4 * (keys() + values() + scores() + bias()); }
};

size_t attention_bytes(Precision precision, size_t tokens, size_t head_width) {
    return precision == Precision::bf16 ? AttentionMemory<Halves>(tokens, head_width).bytes()
                                        : AttentionMemory<Singles>(tokens, head_width).bytes();
}

/// Keys, [tokens, width] as rows, become weights with a column for each token.
void pack_keys(const Attention &attention, size_t groups, uint32_t *to) {
    for (size_t token = 0; token < attention.tokens; ++token) {
        const char *const key = attention.keys + token * attention.stride;
        uint32_t *const column = to + token / panel * groups * panel + token % panel;
        for (size_t i = 0; i < groups; ++i) column[i * panel] = load<uint32_t>(key + i * 4);
    }
}

/// `count` elements, at most `width`, of a row of values in each lane; 0 beyond.
inline Groups value_groups(Singles, const char *row, const char *, size_t count) {
    return bits<Groups>(load_some(reinterpret_cast<const float *>(row), count));
}

inline Groups value_groups(Halves, const char *row, const char *next, size_t count) {
    Words first{}, second{};
    const size_t bytes = count * sizeof(uint16_t);
    if (bytes >= sizeof(Words)) {
        first = load<Words>(row);
        if (next) second = load<Words>(next);
    } else {
        __builtin_memcpy(&first, row, bytes);
        if (next) __builtin_memcpy(&second, next, bytes);
    }
    return __builtin_convertvector(first, Groups) | __builtin_convertvector(second, Groups) << 16;
}

/// Values, [tokens, width] as rows, become weights with a column for each element.
template <class Dot> void pack_values(const Attention &attention, size_t groups, uint32_t *to) {
    for (size_t group = 0; group < groups; ++group) {
        const char *const row = attention.values + group * Dot::group * attention.stride;
        const char *const next = (group + 1) * Dot::group <= attention.tokens ? row + attention.stride : nullptr;
        for (size_t i = 0; i < attention.head_width; i += width) {
            const size_t skipped = i * 4 / Dot::group;
            store(to + (i / panel * groups + group) * panel + i % panel,
                  value_groups(Dot(), row + skipped, next ? next + skipped : nullptr, attention.head_width - i));
        }
    }
}

/// Replaces a row of products by their softmax, as an operand. The row's length is a multiple of `width`.
template <class Dot> void softmax(float *row, size_t count, float scale, const float *mask) {
    const Floats low = splat(-__builtin_inff());
    Floats most = low;
    for (size_t i = 0; i < count; i += width) {
        Floats x = load<Floats>(row + i) * scale;
        if (mask) x += load_some(mask + i, count - i);
        if (count - i < width) x = first_lanes(x, count - i, -__builtin_inff());
        store(row + i, x);
        most = larger(most, x);
    }
    const float highest = largest(most);
    Floats total{};
    for (size_t i = 0; i < count; i += width) {
        const Floats x = exponential(load<Floats>(row + i) - highest);
        store(row + i, x);
        total += x;
    }
    const float inverse = 1 / sum(total);
    // Elements of the operand are no longer than those they replace.
    for (size_t i = 0; i < count; i += width) {
        const Floats x = load<Floats>(row + i) * inverse;
        if constexpr (Dot::group == 1) store(row + i, x);
        else store(reinterpret_cast<char *>(row) + i * sizeof(uint16_t), to_bf16(x));
    }
}

template <class Dot> void attend(const Attention &attention, char *memory, const Epilogue &epilogue) {
    const AttentionMemory<Dot> sizes(attention.tokens, attention.head_width);
    uint32_t *const keys = reinterpret_cast<uint32_t *>(memory);
    uint32_t *const values = keys + sizes.keys();
    float *const scores = reinterpret_cast<float *>(values + sizes.values());
    float *const zeros = scores + sizes.scores();
    __builtin_memset(zeros, 0, sizes.bias() * sizeof(float));
    pack_keys(attention, sizes.key_groups, keys);
    pack_values<Dot>(attention, sizes.value_groups, values);

    PackedWeights by_token, by_element;
    by_token.columns = attention.tokens;
    by_token.depth = attention.head_width;
    by_token.groups = keys;
    by_element.columns = attention.head_width;
    by_element.depth = attention.tokens;
    by_element.groups = values;
    by_token.bias = by_element.bias = zeros;

    for (size_t first = 0; first < attention.query_count; first += query_rows) {
        const size_t rows = attention.query_count - first < query_rows ? attention.query_count - first : query_rows;
        const Operand queries{const_cast<char *>(attention.queries) + first * attention.stride, attention.stride};
        Epilogue to_scores;
        to_scores.output = scores;
        to_scores.output_stride = sizes.padded_tokens;
        multiply_rows<Dot>(queries, rows, by_token, 0, sizes.padded_tokens / panel, to_scores);
        for (size_t row = 0; row < rows; ++row) {
            softmax<Dot>(scores + row * sizes.padded_tokens, attention.tokens, attention.scale,
                         attention.mask ? attention.mask + (first + row) * attention.tokens : nullptr);
        }
        Epilogue result = epilogue;
        if (result.output) result.output += first * result.output_stride;
        if (result.operand.data) result.operand.data = result.operand.row(first);
        multiply_rows<Dot>({reinterpret_cast<char *>(scores), sizes.padded_tokens * sizeof(float)}, rows, by_element, 0,
                           sizes.padded_width / panel, result);
    }
}

void attend(const Attention &attention, char *memory, const Epilogue &epilogue) {
    if (attention.precision == Precision::bf16) return attend<Halves>(attention, memory, epilogue);
    attend<Singles>(attention, memory, epilogue);
}
