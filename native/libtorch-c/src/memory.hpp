// Memory of the tensors that a module makes while it runs.
#pragma once

namespace ltc {

/// While it lives, large tensors that the calling thread makes on the CPU lie in one block of memory, which is kept from
/// run to run.
///
/// Each run of a module takes and gives back the same sizes. malloc puts other things into the gaps meanwhile, so that a
/// process that runs for hours grows; or, where it gives large blocks back to the system, each run waits for clear pages.
class TensorMemory {
public:
    TensorMemory();
    ~TensorMemory();
    TensorMemory(const TensorMemory &) = delete;
    TensorMemory &operator=(const TensorMemory &) = delete;

    /// Gives the block back, unless a tensor lies in it.
    static void release();
};

}  // namespace ltc
