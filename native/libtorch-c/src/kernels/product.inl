// Products of operands with packed weights.

constexpr size_t tile_rows = 6;
constexpr size_t tile_vectors = OPENCLIP_TILE_VECTORS;
constexpr size_t panel = tile_vectors * width;

/// Signed 8-bit integers with one scale for each column: q = round(w / scale), scale = max|w| / 127.
void pack_integers(PackedWeights &packed, const float *weights, size_t column, uint32_t *groups) {
    const float *const row = weights + column * packed.depth;
    float most = 0;
    for (size_t i = 0; i < packed.depth; ++i) most = __builtin_fmaxf(most, __builtin_fabsf(row[i]));
    const float scale = most > 0 ? most / 127 : 1;
    const float inverse = 1 / scale;
    int32_t sum = 0;
    for (size_t i = 0; i < packed.depth; ++i) {
        const int32_t q = static_cast<int32_t>(__builtin_rintf(row[i] * inverse));
        const uint32_t mask = 0xffffffffu >> (32 - 32 / Integers::group);
        sum += q;
        groups[i / Integers::group * panel] |= (static_cast<uint32_t>(q) & mask)
                                               << (i % Integers::group * (32 / Integers::group));
    }
    packed.scales[column] = scale;
    packed.sums[column] = sum;
}

void pack(PackedWeights &packed, const float *weights, const float *bias) {
    const size_t count = group_count(packed.precision, packed.depth);
    for (size_t column = 0; column < packed.columns; ++column) {
        uint32_t *const groups = packed.groups + column / panel * count * panel + column % panel;
        const float *const row = weights + column * packed.depth;
        packed.bias[column] = bias ? bias[column] : 0;
        switch (packed.precision) {
            case Precision::fp32:
                for (size_t i = 0; i < packed.depth; ++i) groups[i * panel] = bits<uint32_t>(row[i]);
                break;
            case Precision::bf16:
                for (size_t i = 0; i < packed.depth; ++i) {
                    groups[i / 2 * panel] |= static_cast<uint32_t>(to_bf16(splat(row[i]))[0]) << (i % 2 * 16);
                }
                break;
            case Precision::int8: pack_integers(packed, weights, column, groups); break;
        }
    }
}

/// Makes results of one vector of columns from sums, for many rows.
template <class Sums> struct Columns;

template <> struct Columns<Floats> {
    Floats bias;

    Columns(const PackedWeights &weights, size_t column, const Epilogue &)
        : bias(load<Floats>(weights.bias + column)) {}

    Floats operator()(Floats sums) const { return sums + bias; }
};

template <> struct Columns<Ints> {
    Floats scale, bias;
    Ints offset{};

    Columns(const PackedWeights &weights, size_t column, const Epilogue &epilogue)
        : scale(load<Floats>(weights.scales + column) * epilogue.input.scale),
          bias(load<Floats>(weights.bias + column)) {
#if OPENCLIP_QUADS
        offset = load<Ints>(weights.sums + column) * epilogue.input.zero_point;
#endif
    }

    Floats operator()(Ints sums) const { return to_floats(sums - offset) * scale + bias; }
};

/// Stores `count` results of one row, at most `width`.
template <class Count>
inline void put(Floats x, size_t row, size_t column, Count count, const Epilogue &epilogue,
                const Quantiser &quantiser) {
    if (epilogue.residual) x += load_some(epilogue.residual + row * epilogue.residual_stride + column, count);
    if (!epilogue.output) {
        return store_elements(epilogue.operand.row(row), epilogue.operand_first_column + column, x, count,
                              epilogue.operand_precision, quantiser);
    }
    float *const to = epilogue.output + row * epilogue.output_stride + column;
    if (count >= width) return store(to, x);
    __builtin_memcpy(to, &x, count * sizeof(float));
}

/// Applies the epilogue to a tile of sums, [rows][tile_vectors].
template <class Sums>
__attribute__((noinline)) void finish_tile(const Sums *sums, size_t first_row, size_t rows,
                                           const PackedWeights &weights, size_t first_column, const Epilogue &shared,
                                           const Quantiser &shared_quantiser) {
    // Copies, which no store can change, stay in registers.
    const Epilogue epilogue = shared;
    const Quantiser quantiser = shared_quantiser;
    const size_t columns = weights.columns;
    with_activation(epilogue.activation, [&](auto activated) {
        for (size_t j = 0; j < tile_vectors; ++j) {
            const size_t column = first_column + j * width;
            if (column >= columns) return;
            const Columns<Sums> finished(weights, column, epilogue);
            const auto finish_rows = [&](auto count) {
                for (size_t i = 0; i < rows; ++i) {
                    const Floats x = activated(finished(sums[i * tile_vectors + j]));
                    put(x, first_row + i, column, count, epilogue, quantiser);
                }
            };
            // A count that is known when this is compiled needs no branches.
            if (columns - column >= width) finish_rows(std::integral_constant<size_t, width>());
            else finish_rows(columns - column);
        }
    });
}

/// `rows` rows, at most `tile_rows`, times one panel; the sums stay in registers.
template <class Dot, size_t rows>
void multiply_tile(Operand a, size_t first_row, const PackedWeights &weights, size_t panel_index,
                   const Epilogue &epilogue, const Quantiser &quantiser) {
    using Sums = typename Dot::Sums;
    const size_t count = (weights.depth + Dot::group - 1) / Dot::group;
    const uint32_t *b = weights.groups + panel_index * count * panel;
    const char *const from = a.row(first_row);
    Sums sums[rows][tile_vectors] = {};
#pragma GCC unroll 4
    for (size_t k = 0; k < count; ++k, b += panel) {
        Groups columns[tile_vectors];
#pragma GCC unroll 8
        for (size_t j = 0; j < tile_vectors; ++j) columns[j] = load<Groups>(b + j * width);
#pragma GCC unroll 8
        for (size_t i = 0; i < rows; ++i) {
            uint32_t element;
            __builtin_memcpy(&element, from + i * a.stride + k * 4, 4);
            const Groups row = Groups{} + element;
#pragma GCC unroll 8
            for (size_t j = 0; j < tile_vectors; ++j) sums[i][j] = Dot::add(sums[i][j], row, columns[j]);
        }
    }
    finish_tile(&sums[0][0], first_row, rows, weights, panel_index * panel, epilogue, quantiser);
}

template <class Dot>
void multiply_rows(Operand a, size_t rows, const PackedWeights &weights, size_t first, size_t last,
                   const Epilogue &epilogue) {
    const Quantiser quantiser(epilogue.operand_quantisation);
    for (size_t index = first; index < last; ++index) {
        size_t row = 0;
        for (; row + tile_rows <= rows; row += tile_rows) {
            multiply_tile<Dot, tile_rows>(a, row, weights, index, epilogue, quantiser);
        }
        switch (rows - row) {
            case 5: multiply_tile<Dot, 5>(a, row, weights, index, epilogue, quantiser); break;
            case 4: multiply_tile<Dot, 4>(a, row, weights, index, epilogue, quantiser); break;
            case 3: multiply_tile<Dot, 3>(a, row, weights, index, epilogue, quantiser); break;
            case 2: multiply_tile<Dot, 2>(a, row, weights, index, epilogue, quantiser); break;
            case 1: multiply_tile<Dot, 1>(a, row, weights, index, epilogue, quantiser); break;
        }
    }
}

void multiply(Operand a, size_t rows, const PackedWeights &weights, size_t first, size_t last,
              const Epilogue &epilogue) {
    switch (weights.precision) {
        case Precision::fp32: return multiply_rows<Singles>(a, rows, weights, first, last, epilogue);
        case Precision::bf16: return multiply_rows<Halves>(a, rows, weights, first, last, epilogue);
        case Precision::int8: return multiply_rows<Integers>(a, rows, weights, first, last, epilogue);
    }
}
