// Attributes of a module.
#include <string>
#include <vector>

#include "module.hpp"
#include "status.hpp"

namespace ltc {
namespace {

ltc_attribute_type type_of(const c10::IValue &value) {
    if (value.isInt()) return LTC_ATTRIBUTE_INT64;
    if (value.isDouble()) return LTC_ATTRIBUTE_DOUBLE;
    if (value.isString()) return LTC_ATTRIBUTE_STRING;
    return LTC_ATTRIBUTE_OTHER;
}

const char *type_name(ltc_attribute_type type) {
    switch (type) {
        case LTC_ATTRIBUTE_INT64: return "an integer";
        case LTC_ATTRIBUTE_DOUBLE: return "a floating-point number";
        case LTC_ATTRIBUTE_STRING: return "a string";
        default: return "no number or string";
    }
}

c10::IValue find_attribute(const ltc_module *module, const char *name, ltc_attribute_type wanted) {
    require(module, "module");
    require(name, "name");
    if (!module->module.hasattr(name)) {
        throw Failure(LTC_INVALID_ARGUMENT, std::string("the module has no attribute '") + name + "'");
    }
    c10::IValue value = module->module.attr(name);
    if (type_of(value) != wanted) {
        throw Failure(LTC_INVALID_ARGUMENT, std::string("the module's attribute '") + name + "' is " +
                                                type_name(type_of(value)) + ", not " + type_name(wanted));
    }
    return value;
}

std::vector<std::string> attribute_names(const ltc_module &module) {
    const c10::ClassTypePtr type = module.module.type();
    std::vector<std::string> names;
    for (size_t i = 0; i < type->numAttributes(); ++i) names.push_back(type->getAttributeName(i));
    for (size_t i = 0; i < type->numConstants(); ++i) names.push_back(type->getConstantName(i));
    return names;
}

}  // namespace
}  // namespace ltc

ltc_status ltc_module_attribute_names(const ltc_module *module, char ***names, size_t *count, char **message) {
    return ltc::guarded(message, [&] {
        ltc::require(module, "module");
        ltc::require(names, "names");
        ltc::require(count, "count");
        ltc::copy_strings(ltc::attribute_names(*module), names, count);
    });
}

ltc_status ltc_module_attribute_type(const ltc_module *module, const char *name, ltc_attribute_type *type,
                                     char **message) {
    return ltc::guarded(message, [&] {
        ltc::require(module, "module");
        ltc::require(name, "name");
        ltc::require(type, "type");
        *type = module->module.hasattr(name) ? ltc::type_of(module->module.attr(name)) : LTC_ATTRIBUTE_NONE;
    });
}

ltc_status ltc_module_get_int64(const ltc_module *module, const char *name, int64_t *value, char **message) {
    return ltc::guarded(message, [&] {
        ltc::require(value, "value");
        *value = ltc::find_attribute(module, name, LTC_ATTRIBUTE_INT64).toInt();
    });
}

ltc_status ltc_module_get_double(const ltc_module *module, const char *name, double *value, char **message) {
    return ltc::guarded(message, [&] {
        ltc::require(value, "value");
        *value = ltc::find_attribute(module, name, LTC_ATTRIBUTE_DOUBLE).toDouble();
    });
}

ltc_status ltc_module_get_string(const ltc_module *module, const char *name, char **value, char **message) {
    return ltc::guarded(message, [&] {
        ltc::require(value, "value");
        *value = ltc::copy_string(ltc::find_attribute(module, name, LTC_ATTRIBUTE_STRING).toStringRef());
    });
}
