// Arrow logs to standard error, with positions in its source; errors come as statuses all the same.
#include <arrow/util/logging.h>

namespace {

[[maybe_unused]] const bool is_quiet = [] {
    arrow::util::ArrowLog::StartArrowLog("", arrow::util::ArrowLogLevel::ARROW_FATAL);
    return true;
}();

}  // namespace
