// How work is divided among threads.
#pragma once

#include <cstddef>

namespace ltc {

/// The size of the parts into which `count` things are divided: at most `largest`, and equally many parts for each
/// worker, as far as there are things.
inline size_t part_size(size_t count, size_t largest, size_t workers) {
    const size_t rounds = (count + workers * largest - 1) / (workers * largest);
    return (count + workers * rounds - 1) / (workers * rounds);
}

}  // namespace ltc
