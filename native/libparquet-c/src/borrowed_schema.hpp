// Schemas that stay the caller's.
#pragma once

#include <memory>

#include <arrow/c/bridge.h>
#include <arrow/type.h>

#include "status.hpp"

namespace pqc {

/// Borrows the caller's schema: Arrow's import takes ownership and releases it, so it gets a copy of the outer struct
/// whose release does nothing.
inline std::shared_ptr<arrow::Schema> import_schema(const ArrowSchema &schema, const Action &action) {
    if (!schema.release) throw Failure(PQC_INVALID_ARGUMENT, action.path + ": the schema is released already");
    ArrowSchema borrowed = schema;
    borrowed.release = [](ArrowSchema *self) { self->release = nullptr; };
    return check(arrow::ImportSchema(&borrowed), action);
}

}  // namespace pqc
