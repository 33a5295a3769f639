#include "kernels.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace ltc::kernels {

#if defined(__x86_64__)
extern const Kernels avx2, avx2_vnni, avx512, avx512_vnni, avx512_bf16;
#endif
extern const Kernels portable;

namespace {

#if defined(__x86_64__)
/// AVX-VNNI, the 256-bit form, which compilers of today do not know by name: leaf 7, subleaf 1, EAX bit 4.
bool has_avx_vnni() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & (1u << 4));
}
#endif

std::vector<const Kernels *> find_available() {
    std::vector<const Kernels *> found;
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const bool has_avx512 = has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                            __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    const bool has_vnni = has_avx512 && __builtin_cpu_supports("avx512vnni");
    if (has_vnni && __builtin_cpu_supports("avx512bf16")) found.push_back(&avx512_bf16);
    if (has_vnni) found.push_back(&avx512_vnni);
    if (has_avx512) found.push_back(&avx512);
    if (has_avx2 && has_avx_vnni()) found.push_back(&avx2_vnni);
    if (has_avx2) found.push_back(&avx2);
#endif
    found.push_back(&portable);
    return found;
}

const Kernels &find_best() {
    const char *const wanted = std::getenv("OPENCLIP_KERNELS");
    if (!wanted || !*wanted) return *available().front();
    std::string names;
    for (const Kernels *kernels : available()) {
        if (kernels->name == std::string(wanted)) return *kernels;
        names += (names.empty() ? "" : ", ") + std::string(kernels->name);
    }
    throw std::invalid_argument("OPENCLIP_KERNELS is '" + std::string(wanted) + "'; this CPU has: " + names);
}

}  // namespace

const std::vector<const Kernels *> &available() {
    static const std::vector<const Kernels *> found = find_available();
    return found;
}

const Kernels &best() {
    static const Kernels &kernels = find_best();
    return kernels;
}

}  // namespace ltc::kernels
