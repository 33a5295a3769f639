// Copying columns of vectors from record batches of any list type.
#include <string>

#include <arrow/array.h>
#include <arrow/util/float16.h>

#include "ipc.hpp"

namespace pqc {
namespace {

float as_float(float value) { return value; }
float as_float(double value) { return static_cast<float>(value); }
float as_float(uint16_t half) { return arrow::util::Float16::FromBits(half).ToFloat(); }

struct Target {
    const std::string &name;
    const std::string &column;
    size_t dimension;
    float *values;
    bool *is_present;

    [[noreturn]] void fail(const std::string &reason) const {
        throw Failure(PQC_FORMAT, name + ": the column '" + column + "' " + reason);
    }
};

template <typename Lists, typename Items> void copy(const Lists &lists, const Items &items, const Target &target) {
    const auto *source = items.raw_values();
    for (int64_t row = 0; row < lists.length(); ++row) {
        target.is_present[row] = lists.IsValid(row);
        if (lists.IsNull(row)) continue;
        const int64_t start = lists.value_offset(row);
        const auto count = static_cast<size_t>(lists.value_length(row));
        if (count != target.dimension) {
            target.fail("has " + std::to_string(count) + " values in row " + std::to_string(row + 1) + ", not " +
                        std::to_string(target.dimension));
        }
        for (size_t i = 0; i < count; ++i) {
            const int64_t item = start + static_cast<int64_t>(i);
            if (items.IsNull(item)) target.fail("misses a value in row " + std::to_string(row + 1));
            target.values[static_cast<size_t>(row) * count + i] = as_float(source[item]);
        }
    }
}

template <typename Lists> void copy(const Lists &lists, const Target &target) {
    const arrow::Array &items = *lists.values();
    switch (items.type_id()) {
        case arrow::Type::FLOAT: return copy(lists, static_cast<const arrow::FloatArray &>(items), target);
        case arrow::Type::DOUBLE: return copy(lists, static_cast<const arrow::DoubleArray &>(items), target);
        case arrow::Type::HALF_FLOAT: return copy(lists, static_cast<const arrow::HalfFloatArray &>(items), target);
        default: target.fail("holds lists of " + items.type()->ToString() + ", not of floats");
    }
}

void copy(const arrow::Array &lists, const Target &target) {
    switch (lists.type_id()) {
        case arrow::Type::LIST: return copy(static_cast<const arrow::ListArray &>(lists), target);
        case arrow::Type::LARGE_LIST: return copy(static_cast<const arrow::LargeListArray &>(lists), target);
        case arrow::Type::FIXED_SIZE_LIST: return copy(static_cast<const arrow::FixedSizeListArray &>(lists), target);
        default: target.fail("holds " + lists.type()->ToString() + ", not lists of floats");
    }
}

}  // namespace
}  // namespace pqc

pqc_status pqc_ipc_batch_vectors(const pqc_ipc_batch *batch, int32_t position, size_t dimension, float *values,
                                 bool *is_present, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(batch, "batch");
        pqc::require(values, "values");
        pqc::require(is_present, "is_present");
        if (position < 0 || position >= batch->rows->num_columns()) {
            throw pqc::Failure(PQC_INVALID_ARGUMENT, batch->name + ": there is no column " + std::to_string(position));
        }
        const auto &column = batch->rows->schema()->field(position)->name();
        pqc::copy(*batch->rows->column(position), {batch->name, column, dimension, values, is_present});
    });
}
