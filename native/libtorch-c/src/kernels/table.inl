// The kernels of one instruction set. Before including this, define
//   OPENCLIP_NAME          the table's name
//   OPENCLIP_WIDTH         32-bit lanes of a vector
//   OPENCLIP_TILE_VECTORS  vectors in a panel: with 6 rows, as many sums as registers allow
//   OPENCLIP_QUADS         1 if int8 products take four bytes at a time
//   OPENCLIP_BF16          1 if bf16 products have an instruction of their own
//
// Files that include this are compiled for one instruction set. Nothing here may call an inline function of a header
// that other files use too: the linker would keep one copy of it, for any instruction set.

#include "kernels.hpp"

#include <type_traits>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ltc::kernels {
namespace {

#include "lanes.inl"

#include "functions.inl"

#include "operands.inl"

#include "product.inl"

#include "attention.inl"

}  // namespace

#define OPENCLIP_TEXT_OF(name) #name
#define OPENCLIP_TEXT(name) OPENCLIP_TEXT_OF(name)

extern const Kernels OPENCLIP_NAME;
const Kernels OPENCLIP_NAME{OPENCLIP_TEXT(OPENCLIP_NAME),
                            OPENCLIP_BF16 != 0,
                            panel,
                            group,
                            operand_stride,
                            pack,
                            convert,
                            convert_bytes,
                            clear_padding,
                            normalise,
                            multiply,
                            attention_bytes,
                            attend};

}  // namespace ltc::kernels
