// Warnings of libtorch passed to the caller.
#pragma once

#include <c10/util/Exception.h>

namespace ltc {

/// Receives warnings while functions of this library run.
c10::WarningHandler &warnings();

/// While an object of this class exists, warnings on the calling thread go to the handler of `ltc_set_warning_handler`.
class WarningRoute {
public:
    WarningRoute() : guard(&warnings()) {}

private:
    const c10::WarningUtils::WarningHandlerGuard guard;
};

}  // namespace ltc
