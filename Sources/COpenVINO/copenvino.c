#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "copenvino.h"

#include <dlfcn.h>
#include <string.h>

const char *copenvino_find(void *library, copenvino_functions *functions) {
    const struct {
        const char *name;
        void *pointer;
    } table[] = {
#define ENTRY(name, result, parameters) {"ov_" #name, &functions->name},
        COPENVINO_FUNCTIONS(ENTRY)
#undef ENTRY
    };
    for (size_t index = 0; index < sizeof table / sizeof *table; index++) {
        void *const function = dlsym(library, table[index].name);
        if (function == NULL) {
            return table[index].name;
        }
        memcpy(table[index].pointer, &function, sizeof function);
    }
    return NULL;
}

copenvino_status copenvino_read_whole_files(const copenvino_functions *functions, const ov_core *core) {
    return functions->core_set_property(core, "", "ENABLE_MMAP", "NO");
}

copenvino_status copenvino_compile(const copenvino_functions *functions, const ov_core *core, const ov_model *model,
                                   const char *threads, const char *precision, ov_compiled_model **compiled) {
    // As many streams as threads: each part of a batch runs on one. Threads are not bound to processors, because other
    // programs, containers and the decoders of images use them too.
    const char *const properties[] = {
        "NUM_STREAMS",         threads, "INFERENCE_NUM_THREADS", threads, "INFERENCE_PRECISION_HINT", precision,
        "ENABLE_CPU_PINNING", "NO",    "ENABLE_HYPER_THREADING", "YES",  "SCHEDULING_CORE_TYPE", "ANY_CORE",
    };
    return functions->core_compile_model(core, model, "CPU", sizeof properties / sizeof *properties, compiled,
                                         properties[0], properties[1], properties[2], properties[3], properties[4],
                                         properties[5], properties[6], properties[7], properties[8], properties[9],
                                         properties[10], properties[11]);
}

const char *copenvino_library_of(const char *symbol) {
    Dl_info info;
    void *const address = dlsym(RTLD_DEFAULT, symbol);
    return address != NULL && dladdr(address, &info) != 0 ? info.dli_fname : NULL;
}
