// Memory of the tensors that a module creates while it runs.
#pragma once

namespace ltc {

/// While an object of this class exists, large CPU tensors that the calling thread creates are placed in one block of
/// memory, which is kept between runs.
///
/// Each run of a module allocates and frees the same sizes. With malloc, other allocations fill the gaps in between, so
/// that a long-running process grows; or, if malloc returns large blocks to the system, each run waits for zeroed
/// pages.
class TensorMemory {
public:
    TensorMemory();
    ~TensorMemory();
    TensorMemory(const TensorMemory &) = delete;
    TensorMemory &operator=(const TensorMemory &) = delete;

    /// Frees the block, unless a tensor uses it.
    static void release();
};

}  // namespace ltc
