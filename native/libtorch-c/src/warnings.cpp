#include "warnings.hpp"

#include <cstdlib>
#include <mutex>
#include <sstream>
#include <string>

#include <c10/util/Logging.h>

#include "status.hpp"

namespace ltc {
namespace {

struct Handler {
    ltc_warning_handler function;
    void *context;
};

std::string one_line(const std::string &text) {
    std::istringstream words(text);
    std::string line;
    for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
    return line;
}

class Warnings final : public c10::WarningHandler {
public:
    void process(const c10::Warning &warning) override {
        // Called without holding the lock, so that a handler may set another one.
        const Handler handler = current();
        if (handler.function) handler.function(one_line(warning.msg()).c_str(), handler.context);
    }

    void choose(Handler handler) {
        const std::lock_guard lock(mutex);
        chosen = handler;
    }

private:
    Handler current() {
        const std::lock_guard lock(mutex);
        return chosen;
    }

    std::mutex mutex;
    Handler chosen{nullptr, nullptr};
};

Warnings &all_warnings() {
    static auto *warnings = new Warnings;  // libtorch's threads may outlive static objects
    return *warnings;
}

/// libtorch also logs to standard error, from its own threads too, with source positions. Errors are reported as
/// exceptions regardless.
[[maybe_unused]] const bool is_quiet = [] {
    if (!std::getenv("TORCH_CPP_LOG_LEVEL")) FLAGS_caffe2_log_level = c10::GLOG_FATAL;
    return true;
}();

}  // namespace

c10::WarningHandler &warnings() {
    return all_warnings();
}

}  // namespace ltc

ltc_status ltc_set_warning_handler(ltc_warning_handler handler, void *context, char **message) {
    return ltc::guarded(message, [&] { ltc::all_warnings().choose({handler, context}); });
}
