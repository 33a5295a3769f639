#include "bounded_memory.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <memory>
#include <string>

#include <arrow/status.h>

namespace pqc {
namespace {

constexpr int64_t least_limit = int64_t{1} << 26;
/// 4,096 rows of 64 KiB.
constexpr int64_t least_row_limit = int64_t{1} << 28;
/// No page is larger.
constexpr int64_t most_limit = int64_t{1} << 31;
/// What the compressions that shrink most reach with real values.
constexpr int64_t bytes_per_file_byte = 1024;
constexpr size_t pool_count = std::bit_width(uint64_t{most_limit / least_limit}) - 1;

class BoundedMemory final : public arrow::ProxyMemoryPool {
public:
    explicit BoundedMemory(int64_t limit) : ProxyMemoryPool(arrow::default_memory_pool()), limit(limit) {}

    using ProxyMemoryPool::Allocate;
    using ProxyMemoryPool::Reallocate;

    arrow::Status Allocate(int64_t size, int64_t alignment, uint8_t **bytes) override {
        ARROW_RETURN_NOT_OK(require_room(size));
        return ProxyMemoryPool::Allocate(size, alignment, bytes);
    }

    arrow::Status Reallocate(int64_t old_size, int64_t size, int64_t alignment, uint8_t **bytes) override {
        ARROW_RETURN_NOT_OK(require_room(size));
        return ProxyMemoryPool::Reallocate(old_size, size, alignment, bytes);
    }

private:
    arrow::Status require_room(int64_t size) const {
        if (size <= limit) return arrow::Status::OK();
        return arrow::Status::Invalid("it asks for ", size, " bytes of memory at once, and a file of its size may take ",
                                      limit, "; leave out the column of such long values, or store it uncompressed");
    }

    const int64_t limit;
};

arrow::MemoryPool *memory_up_to(int64_t needed) {
    static const auto &pools = *[] {
        auto *made = new std::array<std::unique_ptr<BoundedMemory>, pool_count>;
        for (size_t i = 0; i < pool_count; ++i) (*made)[i] = std::make_unique<BoundedMemory>(least_limit << i);
        return made;
    }();
    for (size_t i = 0; i < pool_count; ++i) {
        if (needed <= least_limit << i) return pools[i].get();
    }
    return arrow::default_memory_pool();
}

int64_t proportional(int64_t file_size) {
    return std::min(file_size, most_limit) * bytes_per_file_byte;
}

}  // namespace

arrow::MemoryPool *page_memory(int64_t file_size) {
    return memory_up_to(proportional(file_size));
}

arrow::MemoryPool *row_memory(int64_t file_size) {
    return memory_up_to(std::max(proportional(file_size), least_row_limit));
}

}  // namespace pqc
