// The layouts of AVX-512 with VNNI and bf16, computed with plain operations, so that every machine can check them.
#define OPENCLIP_NAME emulated_quads
#define OPENCLIP_WIDTH 16
#define OPENCLIP_TILE_VECTORS 4
#define OPENCLIP_QUADS 1
#define OPENCLIP_BF16 1
#include "../src/kernels/table.inl"
