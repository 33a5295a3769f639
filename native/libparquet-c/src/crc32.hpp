// The checksum of pages, in a fraction of the time that Arrow's function takes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pqc {

/// CRC-32 as in gzip and Parquet: continues with further bytes what was computed for those before, 0 for none.
uint32_t crc32(uint32_t previous, const uint8_t *bytes, size_t size);

}  // namespace pqc
