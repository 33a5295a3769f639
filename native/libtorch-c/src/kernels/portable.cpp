#define OPENCLIP_NAME portable
#define OPENCLIP_WIDTH 4
#define OPENCLIP_TILE_VECTORS 2
#define OPENCLIP_QUADS 0
#define OPENCLIP_BF16 0
#include "table.inl"
