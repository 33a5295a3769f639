// Arrow logs to standard error, with source positions. Errors are returned as statuses anyway.
#include <arrow/util/logging.h>

namespace {

[[maybe_unused]] const bool is_quiet = [] {
    arrow::util::ArrowLog::StartArrowLog("", arrow::util::ArrowLogLevel::ARROW_FATAL);
    return true;
}();

}  // namespace
