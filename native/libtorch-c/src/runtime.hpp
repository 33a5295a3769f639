// Settings of libtorch that hold for the whole process.
#pragma once

namespace ltc {

/// Gives the calling thread the number of intra-op threads that was set, which OpenMP keeps for each thread apart.
void apply_intra_op_threads();

}  // namespace ltc
