// Attention of one head of one image, in fp32: softmax(Q · Kᵀ · scale + mask) · V.

/// Rows of queries that are processed together, so that their scores stay in the cache.
constexpr size_t query_rows = 8 * tile_rows;

/// Working memory: keys and values as packed weights, scores of a block of queries, and zeros as bias.
struct AttentionMemory {
    size_t padded_tokens, padded_width, score_stride;

    AttentionMemory(size_t tokens, size_t head_width)
        : padded_tokens((tokens + panel - 1) / panel * panel), padded_width((head_width + panel - 1) / panel * panel),
          score_stride(operand_stride(Precision::fp32, padded_tokens) / 4) {}

    size_t keys(size_t head_width) const { return padded_tokens * head_width; }
    size_t values(size_t tokens) const { return padded_width * tokens; }
    size_t scores() const { return query_rows * score_stride; }
    size_t bias() const { return padded_tokens > padded_width ? padded_tokens : padded_width; }
};

size_t attention_bytes(size_t tokens, size_t head_width) {
    const AttentionMemory memory(tokens, head_width);
    return 4 * (memory.keys(head_width) + memory.values(tokens) + memory.scores() + memory.bias());
}

/// Keys, [tokens, width] as rows, become weights with a column for each token.
void pack_keys(const Attention &attention, float *to) {
    for (size_t token = 0; token < attention.tokens; ++token) {
        const float *const key = attention.keys + token * attention.stride;
        float *const column = to + token / panel * attention.head_width * panel + token % panel;
        for (size_t i = 0; i < attention.head_width; ++i) column[i * panel] = key[i];
    }
}

/// Values, [tokens, width] as rows, become weights with a column for each element.
void pack_values(const Attention &attention, float *to) {
    for (size_t token = 0; token < attention.tokens; ++token) {
        const float *const value = attention.values + token * attention.stride;
        for (size_t i = 0; i < attention.head_width; i += panel) {
            const size_t count = attention.head_width - i < panel ? attention.head_width - i : panel;
            __builtin_memcpy(to + (i / panel * attention.tokens + token) * panel, value + i, count * sizeof(float));
        }
    }
}

/// Replaces a row of products by their softmax.
void softmax(float *row, size_t count, float scale, const float *mask) {
    const Floats low = splat(-__builtin_inff());
    Floats most = low;
    for (size_t i = 0; i < count; i += width) {
        Floats x = load_some(row + i, count - i) * scale;
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
    for (size_t i = 0; i < count; i += width) store(row + i, load<Floats>(row + i) * inverse);
}

void attend(const Attention &attention, char *memory, const Epilogue &epilogue) {
    const AttentionMemory sizes(attention.tokens, attention.head_width);
    float *const keys = reinterpret_cast<float *>(memory);
    float *const values = keys + sizes.keys(attention.head_width);
    float *const scores = values + sizes.values(attention.tokens);
    float *const zeros = scores + sizes.scores();
    __builtin_memset(zeros, 0, sizes.bias() * sizeof(float));
    pack_keys(attention, keys);
    pack_values(attention, values);

    PackedWeights by_token, by_element;
    by_token.columns = attention.tokens;
    by_token.depth = attention.head_width;
    by_token.groups = reinterpret_cast<uint32_t *>(keys);
    by_element.columns = attention.head_width;
    by_element.depth = attention.tokens;
    by_element.groups = reinterpret_cast<uint32_t *>(values);
    by_token.bias = by_element.bias = zeros;

    for (size_t first = 0; first < attention.query_count; first += query_rows) {
        const size_t rows = attention.query_count - first < query_rows ? attention.query_count - first : query_rows;
        const Operand queries{
            reinterpret_cast<char *>(const_cast<float *>(attention.queries + first * attention.stride)),
            attention.stride * sizeof(float)};
        Epilogue to_scores;
        to_scores.output = scores;
        to_scores.output_stride = sizes.score_stride;
        multiply_rows<Singles>(queries, rows, by_token, 0, sizes.padded_tokens / panel, to_scores);
        for (size_t row = 0; row < rows; ++row) {
            softmax(scores + row * sizes.score_stride, attention.tokens, attention.scale,
                    attention.mask ? attention.mask + (first + row) * attention.tokens : nullptr);
        }
        Epilogue result = epilogue;
        if (result.output) result.output += first * result.output_stride;
        if (result.operand.data) result.operand.data = result.operand.row(first);
        multiply_rows<Singles>({reinterpret_cast<char *>(scores), sizes.score_stride * sizeof(float)}, rows, by_element,
                               0, sizes.padded_width / panel, result);
    }
}
