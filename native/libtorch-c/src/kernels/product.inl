// Products of operands with packed weights.

constexpr size_t tile_rows = 6;
constexpr size_t tile_vectors = OPENCLIP_TILE_VECTORS;
constexpr size_t panel = tile_vectors * width;

/// The scale of a column in int8: q = round(w / scale), from -127 to 127.
inline float integer_scale(const float *weights, size_t count) {
    Floats most{};
    for (size_t i = 0; i < count; i += width) {
        const Floats x = load_some(weights + i, count - i);
        most = larger(larger(most, x), -x);
    }
    const float highest = largest(most);
    return highest > 0 ? highest / 127 : 1;
}

/// Integers from -127 to 127, in int8.
inline Floats integers(Floats weights, float inverse_scale) {
    return rounded(larger(smaller(weights * inverse_scale, splat(127.0f)), splat(-127.0f)));
}

/// `width` weights as elements of groups; integers for int8.
inline void store_weights(char *to, Floats x, Precision precision) {
    using Integer = std::conditional_t<Integers::group == 4, SignedBytes, Shorts>;
    switch (precision) {
        case Precision::fp32: return store(to, x);
        case Precision::bf16: return store(to, to_bf16(x));
        case Precision::int8: return store(to, __builtin_convertvector(to_ints(x), Integer));
    }
}

void pack(PackedWeights &packed, const float *weights, const float *bias) {
    const bool is_int8 = packed.precision == Precision::int8;
    const size_t count = group_count(packed.precision, packed.depth), size = group(packed.precision);
    for (size_t column = 0; column < packed.columns; ++column) {
        uint32_t *const groups = packed.groups + column / panel * count * panel + column % panel;
        const float *const row = weights + column * packed.depth;
        const float scale = is_int8 ? integer_scale(row, packed.depth) : 1, inverse_scale = 1 / scale;
        Floats sums{};
        for (size_t i = 0; i < packed.depth; i += width) {
            Floats x = load_some(row + i, packed.depth - i);
            if (is_int8) {
                x = integers(x, inverse_scale);
                sums += x;
            }
            char elements[width * 4];
            store_weights(elements, x, packed.precision);
            for (size_t group = i / size; group < count && group < (i + width) / size; ++group) {
                groups[group * panel] = load<uint32_t>(elements + (group - i / size) * 4);
            }
        }
        packed.bias[column] = bias ? bias[column] : 0;
        if (is_int8) {
            packed.scales[column] = scale;
            packed.sums[column] = static_cast<int32_t>(sum(sums));
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
