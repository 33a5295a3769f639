// Distribution of an operator's work over libtorch's threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include "../parts.hpp"

namespace ltc::operators {

/// Who works on a chunk of images: one thread, or all of them together.
class Team {
public:
    explicit Team(bool is_shared) : shared(is_shared) {}

    /// Whether all threads work on the chunk together.
    bool is_shared() const { return shared; }

    /// Calls `body(first, last)` for ranges that make up 0..<count, and returns when all have ended.
    template <class Body> void split(size_t count, const Body &body) const {
        if (!shared) return body(size_t{0}, count);
        at::parallel_for(0, static_cast<int64_t>(count), 1, [&](int64_t first, int64_t last) {
            body(static_cast<size_t>(first), static_cast<size_t>(last));
        });
    }

private:
    bool shared;
};

/// Calls `body(team, first image, images, memory)` for chunks of `images`, each with working memory of its own.
///
/// If there are enough images, threads work on a chunk each; otherwise, all of them work on one after the other. Which
/// of the two it is does not change results.
///
/// - rows: rows of each image. A chunk has up to 400, so that its operands stay in a core's cache while weights, which
///   every chunk reads from memory, are used often. Threads get equally many chunks, as far as there are images.
/// - bytes: working memory of a chunk, for its number of images.
template <class Body>
void for_each_chunk(size_t images, size_t rows, const std::function<size_t(size_t)> &bytes, const Body &body) {
    if (images == 0) return;
    const size_t threads = static_cast<size_t>(at::get_num_threads());
    const bool is_shared = images < threads;
    const size_t workers_at_most = is_shared ? 1 : threads;
    const size_t chunk = part_size(images, std::max<size_t>(1, 400 / rows), workers_at_most);
    const size_t chunk_bytes = (bytes(chunk) + 4095) / 4096 * 4096;
    const size_t chunks = (images + chunk - 1) / chunk;
    const size_t workers = std::min(workers_at_most, chunks);
    const at::Tensor memory = at::empty({static_cast<int64_t>(chunk_bytes * workers)}, at::kByte);
    char *const start = static_cast<char *>(memory.data_ptr());
    std::atomic<size_t> next{0};
    const auto work = [&](size_t worker) {
        for (size_t index; (index = next++) < chunks;) {
            const size_t first = index * chunk;
            body(Team(is_shared), first, std::min(chunk, images - first), start + worker * chunk_bytes);
        }
    };
    if (workers == 1) return work(0);
    at::parallel_for(0, static_cast<int64_t>(workers), 1, [&](int64_t first, int64_t last) {
        for (int64_t worker = first; worker < last; ++worker) work(static_cast<size_t>(worker));
    });
}

/// Hands out parts of a chunk's working memory.
class Workspace {
public:
    explicit Workspace(char *start) : next(start) {}

    char *take(size_t bytes) {
        char *const part = next;
        next += rounded(bytes);
        return part;
    }

    static size_t rounded(size_t bytes) { return (bytes + 63) / 64 * 64; }

private:
    char *next;
};

}  // namespace ltc::operators
