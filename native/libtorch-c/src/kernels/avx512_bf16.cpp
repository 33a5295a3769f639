#define OPENCLIP_NAME avx512_bf16
#define OPENCLIP_WIDTH 16
#define OPENCLIP_TILE_VECTORS 4
#define OPENCLIP_QUADS 1
#define OPENCLIP_BF16 1
#include "table.inl"
