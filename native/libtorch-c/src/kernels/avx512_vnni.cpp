#define OPENCLIP_NAME avx512_vnni
#define OPENCLIP_WIDTH 16
#define OPENCLIP_TILE_VECTORS 4
#define OPENCLIP_QUADS 1
#define OPENCLIP_BF16 0
#include "table.inl"
