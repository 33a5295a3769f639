// Warnings of libtorch on their way to the caller.
#pragma once

#include <c10/util/Exception.h>

namespace ltc {

/// What takes warnings while functions of this library run.
c10::WarningHandler &warnings();

/// While it lives, warnings that arise on the calling thread go to `ltc_set_warning_handler`'s handler.
class WarningRoute {
public:
    WarningRoute() : guard(&warnings()) {}

private:
    const c10::WarningUtils::WarningHandlerGuard guard;
};

}  // namespace ltc
