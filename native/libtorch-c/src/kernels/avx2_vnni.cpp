#define OPENCLIP_NAME avx2_vnni
#define OPENCLIP_WIDTH 8
#define OPENCLIP_TILE_VECTORS 2
#define OPENCLIP_QUADS 1
#define OPENCLIP_BF16 0
#include "table.inl"
