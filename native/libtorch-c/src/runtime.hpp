// Process-wide settings of libtorch.
#pragma once

namespace ltc {

/// Applies the configured number of intra-op threads to the calling thread, because OpenMP keeps it per thread.
void apply_intra_op_threads();

}  // namespace ltc
