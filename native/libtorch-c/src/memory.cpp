#include "memory.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <unordered_map>

#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>

namespace ltc {
namespace {

/// Smaller tensors are malloc's.
constexpr size_t smallest_bytes = 64 << 10;
constexpr size_t alignment = 64;

thread_local int running = 0;

/// libtorch's allocator for the CPU.
///
/// What does not fit into the block is malloc's. Before the next run the block grows by what had not fitted at a time, so
/// that it has the size that runs need after the first few.
class RunAllocator final : public c10::Allocator {
public:
    static RunAllocator &instance() {
        static auto *allocator = new RunAllocator;  // tensors may outlive static objects
        return *allocator;
    }

    c10::DataPtr allocate(size_t bytes) override {
        void *start = running > 0 && bytes >= smallest_bytes ? take(bytes) : c10::alloc_cpu(bytes);
        return {start, start, raw_deleter(), c10::Device(c10::DeviceType::CPU)};
    }

    /// libtorch also gives it memory that its former allocator took.
    c10::DeleterFnPtr raw_deleter() const override {
        return [](void *start) { instance().give_back(static_cast<char *>(start)); };
    }

    void copy_data(void *to, const void *from, size_t bytes) const override { default_copy_data(to, from, bytes); }

    void grow() {
        const std::lock_guard lock(mutex);
        if (most_outside == 0 || !is_free()) return;
        resize(size + most_outside);
        most_outside = outside_bytes;
    }

    void release() {
        const std::lock_guard lock(mutex);
        if (is_free()) resize(0);
    }

private:
    void *take(size_t bytes) {
        bytes = (bytes + alignment - 1) / alignment * alignment;
        const std::lock_guard lock(mutex);
        const auto gap = std::find_if(gaps.begin(), gaps.end(), [&](const auto &gap) { return gap.second >= bytes; });
        if (gap == gaps.end()) return take_outside(bytes);
        const auto [start, room] = *gap;
        gaps.erase(gap);
        if (room > bytes) gaps.emplace(start + bytes, room - bytes);
        inside.emplace(start, bytes);
        return start;
    }

    void *take_outside(size_t bytes) {
        auto *start = static_cast<char *>(c10::alloc_cpu(bytes));
        outside.emplace(start, bytes);
        outside_bytes += bytes;
        most_outside = std::max(most_outside, outside_bytes);
        return start;
    }

    void give_back(char *start) {
        const std::lock_guard lock(mutex);
        if (const auto taken = inside.find(start); taken != inside.end()) {
            add_gap(start, taken->second);
            inside.erase(taken);
            return;
        }
        if (const auto taken = outside.find(start); taken != outside.end()) {
            outside_bytes -= taken->second;
            outside.erase(taken);
        }
        c10::free_cpu(start);
    }

    void add_gap(char *start, size_t bytes) {
        auto after = gaps.lower_bound(start);
        if (after != gaps.end() && start + bytes == after->first) {
            bytes += after->second;
            after = gaps.erase(after);
        }
        if (after != gaps.begin()) {
            const auto before = std::prev(after);
            if (before->first + before->second == start) {
                before->second += bytes;
                return;
            }
        }
        gaps.emplace(start, bytes);
    }

    bool is_free() const { return inside.empty(); }

    void resize(size_t bytes) {
        c10::free_cpu(block);
        gaps.clear();
        block = nullptr;
        size = 0;
        if (bytes == 0) return;
        block = static_cast<char *>(c10::alloc_cpu(bytes));
        size = bytes;
        gaps.emplace(block, bytes);
    }

    std::mutex mutex;
    char *block = nullptr;
    size_t size = 0;
    std::map<char *, size_t> gaps;
    std::unordered_map<char *, size_t> inside, outside;
    size_t outside_bytes = 0, most_outside = 0;
};

}  // namespace

TensorMemory::TensorMemory() {
    static std::once_flag once;
    std::call_once(once, [] { c10::SetCPUAllocator(&RunAllocator::instance()); });
    RunAllocator::instance().grow();
    ++running;
}

TensorMemory::~TensorMemory() {
    --running;
}

void TensorMemory::release() {
    RunAllocator::instance().release();
}

}  // namespace ltc
