#include "memory.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>

namespace ltc {
namespace {

/// Smaller tensors use malloc.
constexpr size_t smallest_bytes = 64 << 10;
constexpr size_t alignment = 64;

thread_local int running = 0;

/// A CPU allocator for libtorch.
///
/// Memory may be freed where nothing may fail, in a tensor's deleter, so freeing must not allocate: the map node that
/// locates a piece moves between the free gaps and the used pieces.
///
/// Memory that does not fit into the block comes from malloc. Before the next run, the block grows by the amount that
/// did not fit at one time, so that it reaches the size that runs need after the first few.
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

    /// libtorch also passes it memory that its previous allocator allocated.
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
    /// The start addresses and sizes of pieces of memory.
    using Pieces = std::map<char *, size_t>;

    void *take(size_t bytes) {
        bytes = (bytes + alignment - 1) / alignment * alignment;
        const std::lock_guard lock(mutex);
        const auto gap = std::find_if(gaps.begin(), gaps.end(), [&](const auto &gap) { return gap.second >= bytes; });
        if (gap == gaps.end()) return take_outside(bytes);
        const auto [start, room] = *gap;
        if (room > bytes) gaps.emplace(start + bytes, room - bytes);
        Pieces::node_type piece = gaps.extract(gap);
        piece.mapped() = bytes;
        inside.insert(std::move(piece));
        return start;
    }

    void *take_outside(size_t bytes) {
        std::unique_ptr<void, void (*)(void *)> memory(c10::alloc_cpu(bytes), c10::free_cpu);
        outside.emplace(static_cast<char *>(memory.get()), bytes);
        outside_bytes += bytes;
        most_outside = std::max(most_outside, outside_bytes);
        return memory.release();
    }

    void give_back(char *start) noexcept {
        const std::lock_guard lock(mutex);
        if (const auto taken = inside.find(start); taken != inside.end()) {
            add_gap(inside.extract(taken));
            return;
        }
        if (const auto taken = outside.find(start); taken != outside.end()) {
            outside_bytes -= taken->second;
            outside.erase(taken);
        }
        c10::free_cpu(start);
    }

    void add_gap(Pieces::node_type piece) noexcept {
        char *const start = piece.key();
        auto after = gaps.lower_bound(start);
        if (after != gaps.end() && start + piece.mapped() == after->first) {
            piece.mapped() += after->second;
            after = gaps.erase(after);
        }
        if (after != gaps.begin()) {
            const auto before = std::prev(after);
            if (before->first + before->second == start) {
                before->second += piece.mapped();
                return;
            }
        }
        gaps.insert(std::move(piece));
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
    Pieces gaps, inside, outside;
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
