#include "runtime.hpp"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <string>
#include <vector>

#include <ATen/Context.h>
#include <ATen/Parallel.h>

#include "status.hpp"

namespace ltc {
namespace {

/// 0 if never set.
std::atomic<int32_t> intra_op_threads{0};

void require_positive(int32_t count) {
    if (count < 1) {
        throw Failure(LTC_INVALID_ARGUMENT,
                      "the number of threads must be at least 1, not " + std::to_string(count));
    }
}

/// The name that Python's torch.backends.quantized.engine uses.
std::string engine_name(at::QEngine engine) {
    if (engine == at::kNoQEngine) return "none";
    std::string name = c10::toString(engine);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    return name;
}

std::vector<at::QEngine> available_engines() {
    std::vector<at::QEngine> engines = at::globalContext().supportedQEngines();
    std::erase(engines, at::kNoQEngine);
    return engines;
}

std::vector<std::string> engine_names() {
    std::vector<std::string> names;
    for (at::QEngine engine : available_engines()) names.push_back(engine_name(engine));
    return names;
}

at::QEngine find_engine(const std::string &name) {
    std::string available;
    for (at::QEngine engine : available_engines()) {
        if (engine_name(engine) == name) return engine;
        available += (available.empty() ? "" : ", ") + engine_name(engine);
    }
    throw Failure(LTC_INVALID_ARGUMENT,
                  "there is no quantized engine '" + name + "' here; available: " + available);
}

}  // namespace

void apply_intra_op_threads() {
    thread_local int32_t applied = 0;
    const int32_t wanted = intra_op_threads.load();
    if (wanted == applied) return;
    at::set_num_threads(wanted);
    applied = wanted;
}

}  // namespace ltc

ltc_status ltc_get_intra_op_threads(int32_t *count, char **message) {
    return ltc::guarded(message, [&] {
        ltc::require(count, "count");
        ltc::apply_intra_op_threads();
        *count = at::get_num_threads();
    });
}

ltc_status ltc_set_intra_op_threads(int32_t count, char **message) {
    return ltc::guarded(message, [&] {
        ltc::require_positive(count);
        ltc::intra_op_threads.store(count);
        ltc::apply_intra_op_threads();
    });
}

ltc_status ltc_get_inter_op_threads(int32_t *count, char **message) {
    return ltc::guarded(message, [&] {
        ltc::require(count, "count");
        *count = static_cast<int32_t>(at::get_num_interop_threads());
    });
}

ltc_status ltc_set_inter_op_threads(int32_t count, char **message) {
    return ltc::guarded(message, [&] {
        ltc::require_positive(count);
        at::set_num_interop_threads(count);
    });
}

ltc_status ltc_quantized_engines(char ***engines, size_t *count, char **message) {
    return ltc::guarded(message, [&] {
        ltc::require(engines, "engines");
        ltc::require(count, "count");
        ltc::copy_strings(ltc::engine_names(), engines, count);
    });
}

ltc_status ltc_get_quantized_engine(char **engine, char **message) {
    return ltc::guarded(message, [&] {
        ltc::require(engine, "engine");
        *engine = ltc::copy_string(ltc::engine_name(at::globalContext().qEngine()));
    });
}

ltc_status ltc_set_quantized_engine(const char *engine, char **message) {
    return ltc::guarded(message, [&] {
        ltc::require(engine, "engine");
        at::globalContext().setQEngine(ltc::find_engine(engine));
    });
}
